"""Logging: one line an event on stderr, in UTC; classes and codes, never values.

A line that is written for a request carries its id, and the trace's where there is one. Of other libraries only who
says something and where in their source is kept: their texts repeat what they work on.
"""

import json
import logging
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Literal

Format = Literal["text", "json"]

OURS = ("auth", "graph", "resolvers", "ingest", "privacy", "insight", "server")


@dataclass(frozen=True, slots=True)
class Ids:
    """What a request is called: its own id, and the ids of its trace and span, empty where it has none."""

    request: str
    trace: str = ""
    span: str = ""


REQUEST: ContextVar[Ids | None] = ContextVar("request", default=None)


@contextmanager
def of_request(ids: Ids) -> Iterator[None]:
    """Whatever is logged within is about this request."""
    before = REQUEST.set(ids)
    try:
        yield
    finally:
        REQUEST.reset(before)


def configure(level: str, form: Format = "text") -> None:
    """Send our log lines to stderr from this level on; other libraries only say that something is wrong."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Json() if form == "json" else Text())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    for ours in OURS:
        logging.getLogger(ours).setLevel(level.upper())
    logging.getLogger("neo4j").setLevel(logging.CRITICAL + 1)
    logging.getLogger("asyncio").setLevel(logging.CRITICAL)  # its lines hold representations of what failed
    threading.excepthook = _thread_failed
    sys.unraisablehook = _unraisable


def said(record: logging.LogRecord) -> str:
    """The text of a line. A traceback is its class alone: its text may carry values."""
    if record.name.partition(".")[0] in OURS:
        text = record.getMessage()
    else:
        text = f"something is wrong at {record.module}:{record.lineno}"
    if record.exc_info and record.exc_info[0] is not None:
        text += f" ({record.exc_info[0].__name__})"
    return text


def moment(record: logging.LogRecord, *, parts: bool) -> str:
    """When it was said, in UTC (RFC 3339)."""
    whole = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
    return f"{whole}.{int(record.msecs):03d}Z" if parts else f"{whole}Z"


class Text(logging.Formatter):
    """For people."""

    def format(self, record: logging.LogRecord) -> str:
        """One line."""
        ids = REQUEST.get()
        named = "" if ids is None else f" [{ids.request}{f' trace {ids.trace}' if ids.trace else ''}]"
        return f"{moment(record, parts=False)} {record.levelname:<7} {record.name}: {said(record)}{named}"


class Json(logging.Formatter):
    """For programs: one object a line. `trace_id` and `span_id` as OpenTelemetry names them in logs."""

    def format(self, record: logging.LogRecord) -> str:
        """One line."""
        line = {
            "time": moment(record, parts=True),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": said(record),
        }
        if (ids := REQUEST.get()) is not None:
            named = {"request_id": ids.request, "trace_id": ids.trace, "span_id": ids.span}
            line |= {name: value for name, value in named.items() if value}
        return json.dumps(line, ensure_ascii=False)


def _thread_failed(failure: threading.ExceptHookArgs) -> None:
    name = failure.thread.name if failure.thread is not None else "?"
    logging.getLogger(__name__).error("The thread %s ended: %s", name, failure.exc_type.__name__)


def _unraisable(failure: object) -> None:
    kind = getattr(failure, "exc_type", None)
    logging.getLogger(__name__).error("Something failed while it was tidied away: %s", getattr(kind, "__name__", "?"))
