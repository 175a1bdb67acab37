"""A live HTTP server on the loopback that serves documents by path and counts what it is asked."""

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Loopback:
    """Serves `documents` by path; everything else is 404."""

    def __init__(self) -> None:
        self.documents: dict[str, bytes] = {}
        self.status = 200
        self.asked: list[str] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.asked.append(self.path)
                document = outer.documents.get(self.path)
                self.send_response(404 if document is None else outer.status)
                self.send_header("Content-Length", str(len(document or b"")))
                self.send_header("Location", "/elsewhere")
                self.end_headers()
                self.wfile.write(document or b"")

            do_POST = do_HEAD = do_GET  # noqa: N815  the names that the base class looks for

            def log_message(self, format: str, *args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self.address = f"http://127.0.0.1:{self._server.server_port}"
        self._thread.start()

    def serve(self, path: str, document: Mapping[str, object]) -> None:
        self.documents[path] = json.dumps(document).encode()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@contextmanager
def loopback() -> Iterator[Loopback]:
    """One for as long as it is needed."""
    server = Loopback()
    try:
        yield server
    finally:
        server.close()
