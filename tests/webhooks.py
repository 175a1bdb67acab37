"""A real receiver of webhooks on the loopback, as a source system would write it: it verifies, and answers as told.

It shares no code with what signs. PYTEST_DONT_REWRITE.
"""

import base64
import hashlib
import hmac
import json
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from time import monotonic, sleep, time
from typing import Any

SECRET = "whsec_" + base64.b64encode(bytes(range(32))).decode()


@dataclass(slots=True)
class Webhooks:
    """What came, in order, and how it is answered: by status, `0` for never while `held` is set."""

    address: str = ""
    secret: str = SECRET
    answer: Callable[[Mapping[str, Any]], int] = field(default=lambda event: 204)
    events: list[dict[str, Any]] = field(default_factory=list)
    accepted: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    held: threading.Event = field(default_factory=threading.Event)
    extra: dict[str, str] = field(default_factory=dict)

    def ids(self) -> list[str]:
        """The ids of all events, each once, in the order in which they first came."""
        return list(dict.fromkeys(event["id"] for event in self.events))

    def fault(self, headers: Mapping[str, str], body: bytes) -> str:
        """What is wrong with a request by the two specifications; empty where nothing is."""
        id_, moment = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
        secret = base64.b64decode(self.secret.removeprefix("whsec_"))
        signed = hmac.new(secret, f"{id_}.{moment}.".encode() + body, hashlib.sha256).digest()
        offered = [one for one in headers.get("webhook-signature", "").split(" ") if one.startswith("v1,")]
        if not any(hmac.compare_digest(base64.b64decode(one[3:]), signed) for one in offered):
            return "signature"
        if abs(time() - int(moment)) > 300:
            return "old"
        if headers.get("content-type") != "application/cloudevents+json; charset=utf-8":
            return "content type"
        event = json.loads(body)
        if event["id"] != id_ or event["specversion"] != "1.0" or not event["source"] or not event["type"]:
            return "event"
        return ""


@contextmanager
def receiving(certificate: tuple[Path, Path] | None = None) -> Iterator[Webhooks]:
    """A receiver at work; with a certificate and its key it speaks HTTPS."""
    received = Webhooks()
    lock = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            event = json.loads(body)
            with lock:
                received.raw.append(body)
                received.headers.append(headers)
                received.events.append(event)
                if fault := received.fault(headers, body):
                    received.faults.append(fault)
                status = received.answer(event)
            while status == 0 and not received.held.wait(0.05):
                pass
            self.send_response(status or 204)
            self.send_header("content-length", "0")
            for name, value in received.extra.items():
                self.send_header(name, value)
            with lock:
                if 200 <= status < 300:
                    received.accepted.append(event)
            with suppress(OSError):  # whoever asked may have gone
                self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: Any) -> None:
            """Whoever asked has gone; nothing to say."""

    with Server(("127.0.0.1", 0), Handler) as server:
        if certificate is not None:
            context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            context.load_cert_chain(*certificate)
            # The handshake belongs into the thread of its request, or one that fails would end the receiver.
            server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        received.address = f"http://127.0.0.1:{server.server_address[1]}/changes"
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield received
        finally:
            received.held.set()
            server.shutdown()
            thread.join()


def until(true: Callable[[], object], what: str, seconds: float = 300) -> None:
    """Wait for something to become true."""
    end = monotonic() + seconds
    while not true():
        assert monotonic() < end, what
        sleep(0.05)
