"""Spans: one for a request, and below it one for its plan, each statement, and the trail.

Of a request's headers only `traceparent` is looked at, and only ids come of it: no baggage, no state of other systems
(W3C Trace Context, section 3.2). No address, no query, no header, no name that a client chose, no value, no text of an
error stands in a span.
"""

from asyncio import CancelledError
from collections.abc import Sequence
from functools import lru_cache
from hashlib import sha256
from time import perf_counter
from typing import Self

from opentelemetry.context import Context
from opentelemetry.trace import INVALID_SPAN, Span, SpanKind, StatusCode, Tracer, set_span_in_context
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from opentelemetry.util.types import AttributeValue

from schema.errors import CustomerGraphError
from server.telemetry_metrics import Instruments

PARENT = b"traceparent"
NOBODY = Context()
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "CONNECT", "TRACE"})
ANOTHER = "_OTHER"
PROPAGATOR = TraceContextTextMapPropagator()


@lru_cache(maxsize=4096)
def digest(text: str) -> str:
    """A statement's name: texts are compiled and hold no value, and yet only this of them goes out."""
    return sha256(text.encode()).hexdigest()[:16]


class Watched:
    """One request under observation; an Observer."""

    __slots__ = ("_context", "_instruments", "_method", "_span", "_started", "_tracer", "span_id", "trace_id")

    def __init__(self, tracer: Tracer, instruments: Instruments, span: Span, method: str) -> None:
        self._tracer = tracer
        self._instruments = instruments
        self._span = span
        self._context = set_span_in_context(span, NOBODY)
        self._method = method
        self._started = perf_counter()
        ids = span.get_span_context()
        self.trace_id = f"{ids.trace_id:032x}" if ids.is_valid else ""
        self.span_id = f"{ids.span_id:016x}" if ids.is_valid else ""

    def asked(self, role: str, purpose: str, operation: str) -> None:
        """A role and a purpose of the policy; query, mutation or subscription."""
        self._span.set_attributes(
            {
                "customer_graph.role": role,
                "customer_graph.purpose": purpose,
                "graphql.operation.type": operation,
            }
        )

    def planning(self) -> "Planning":
        """The stage from variables to statements."""
        return Planning(self, self._began("plan", SpanKind.INTERNAL, {}))

    def reading(self, root: str, statement: str) -> "Reading":
        """One statement."""
        named: dict[str, AttributeValue] = {
            "db.system.name": "neo4j",
            "customer_graph.root": root,
            "customer_graph.statement": digest(statement),
        }
        return Reading(self, self._began(f"read {root}", SpanKind.CLIENT, named), root)

    def recording(self) -> "Recording":
        """The wait for the trail."""
        return Recording(self, self._began("trail", SpanKind.INTERNAL, {}))

    def ended(self, route: str, status: int, codes: Sequence[str]) -> None:
        """The answer is out: the route as it is declared, the status (0 for none), the codes of all errors in it."""
        told: dict[str, AttributeValue] = {"http.request.method": self._method}
        if route:
            told["http.route"] = route
            self._span.update_name(f"{self._method} {route}")
        if status:
            told["http.response.status_code"] = status
        if codes or status >= 500 or not status:
            told["error.type"] = codes[0] if codes else CustomerGraphError.code
        self._span.set_attributes(told)
        if status >= 500 or not status:
            self._span.set_status(StatusCode.ERROR)
        self._span.end()
        self._instruments.latency.record(perf_counter() - self._started, told, self._context)
        for code in codes:
            self._instruments.refusals.add(1, {"error.type": code}, self._context)

    def _began(self, name: str, kind: SpanKind, attributes: dict[str, AttributeValue]) -> Span:
        return self._tracer.start_span(name, self._context, kind, attributes)


class Planning:
    """A stage of a request, as a span."""

    __slots__ = ("_of", "_span", "_started")

    def __init__(self, of: Watched, span: Span) -> None:
        self._of = of
        self._span = span
        self._started = perf_counter()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None:
            self._span.set_attribute("error.type", _code(kind))
            self._span.set_status(StatusCode.ERROR)
        self._span.end()

    def known(self, before: bool) -> None:
        """Whether the plan was in its store."""
        self._span.set_attribute("customer_graph.plan", "hit" if before else "miss")

    def rows(self, several: int) -> None:
        """How many rows came."""
        self._span.set_attribute("db.response.returned_rows", several)


class Recording(Planning):
    """The wait for the trail, which has a measure of its own."""

    __slots__ = ()

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        super().__exit__(kind)
        self._of._instruments.recording.record(perf_counter() - self._started, {}, self._of._context)


class Reading(Planning):
    """A statement, which has measures of its own."""

    __slots__ = ("_root",)

    def __init__(self, of: Watched, span: Span, root: str) -> None:
        super().__init__(of, span)
        self._root = root

    def __enter__(self) -> Self:
        self._of._instruments.under_way += 1
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        super().__exit__(kind)
        instruments, told = self._of._instruments, {"customer_graph.root": self._root}
        instruments.under_way -= 1
        if kind is not None:
            told["error.type"] = _code(kind)
        instruments.statements.record(perf_counter() - self._started, told, self._of._context)

    def rows(self, several: int) -> None:
        """How many rows came."""
        super().rows(several)
        self._of._instruments.rows.record(several, {"customer_graph.root": self._root}, self._of._context)


def begun(
    tracer: Tracer, instruments: Instruments, method: str, headers: Sequence[tuple[bytes, bytes]], *, traced: bool
) -> Watched:
    """A request that begins, below the span that its `traceparent` names if it has one that is right."""
    method = method if method in METHODS else ANOTHER
    if not traced:
        return Watched(tracer, instruments, INVALID_SPAN, method)
    span = tracer.start_span(method, parent_of(headers), SpanKind.SERVER)
    return Watched(tracer, instruments, span, method)


def parent_of(headers: Sequence[tuple[bytes, bytes]]) -> Context:
    """The context that the request was made in. Given twice it is none, as the specification wants."""
    found = [value for name, value in headers if name == PARENT]
    if len(found) != 1:
        return NOBODY
    return PROPAGATOR.extract({"traceparent": found[0].decode("latin-1")}, NOBODY)


def _code(kind: type[BaseException]) -> str:
    if issubclass(kind, CancelledError):
        return "cancelled"
    return kind.code if issubclass(kind, CustomerGraphError) else CustomerGraphError.code
