"""A real receiver of OTLP over HTTP on the loopback: it decodes what it is sent, and keeps the bytes as well."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.metrics.v1.metrics_pb2 import Metric
from opentelemetry.proto.trace.v1.trace_pb2 import Span

Point = tuple[dict[str, Any], Any]


@dataclass(slots=True)
class Received:
    """What came: spans in the order in which they ended, the newest state of each metric, and every byte."""

    address: str = ""
    spans: list[Span] = field(default_factory=list)
    metrics: dict[str, Metric] = field(default_factory=dict)
    resources: list[dict[str, Any]] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)

    def take(self, path: str, body: bytes) -> None:
        """Decode one request. Raises what the decoder raises for what is no OTLP."""
        self.raw.append(path.encode() + b" " + body)
        if path == "/v1/traces":
            for traced in ExportTraceServiceRequest.FromString(body).resource_spans:
                self.resources.append(attributes(traced.resource.attributes))
                self.spans += [span for scope in traced.scope_spans for span in scope.spans]
        elif path == "/v1/metrics":
            for measured in ExportMetricsServiceRequest.FromString(body).resource_metrics:
                self.resources.append(attributes(measured.resource.attributes))
                self.metrics |= {one.name: one for scope in measured.scope_metrics for one in scope.metrics}
        else:
            raise ValueError(path)

    def trace(self, trace: str) -> list[Span]:
        """The spans of a trace."""
        return [span for span in self.spans if span.trace_id.hex() == trace]

    def points(self, name: str) -> list[Point]:
        """A metric's attributes and numbers; of a histogram the number is its count."""
        if (found := self.metrics.get(name)) is None:
            return []
        kind = getattr(found, str(found.WhichOneof("data")))
        return [
            (attributes(point.attributes), point.count if hasattr(point, "bucket_counts") else point.as_int)
            for point in kind.data_points
        ]


def attributes(several: Any) -> dict[str, Any]:
    """Attributes as plain data."""
    return {one.key: getattr(one.value, str(one.value.WhichOneof("value"))) for one in several}


@contextmanager
def receiving() -> Iterator[Received]:
    """A receiver at work."""
    received = Received()
    lock = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            try:
                with lock:
                    received.take(self.path, body)
            except Exception:
                self.send_response(400)
            else:
                self.send_response(200)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        received.address = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield received
        finally:
            server.shutdown()
            thread.join()
