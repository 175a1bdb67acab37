"""Leaks of changes and subscriptions: faults, each with the comparison that must find it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any

import graph.emit_verify
import graph.emit_write
import resolvers.follow
import resolvers.prepare_act
import resolvers.prepare_list
import server.live
from graph.expr import TRUE, Prop
from graph.read import ByLabel
from graph.session import Database
from schema.errors import NotThere
from tests.proof.changes import fault_of_changes
from tests.proof.live import fault_of_events, fault_of_expiry
from tests.proof.planting import Leak
from tests.proof.verifying import fault_of_verifying

Play = Callable[[Database, int, str, str], Awaitable[str]]


@dataclass(frozen=True, slots=True)
class LiveLeak:
    """A planted fault, and what must notice it."""

    leak: Leak
    found_by: Play


def _legs(change: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def by(whole: Any) -> Any:
        def plan(start: Any, asked: Any, view: Any) -> Any:
            read, placed = whole(start, asked, view)
            return replace(read, legs=tuple(change(leg) for leg in read.legs)), placed

        return plan

    return by


def _legs_of_many(change: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def by(whole: Any) -> Any:
        def plan(*of: Any) -> Any:
            read, placed = whole(*of)
            return replace(read, start=ByLabel(), legs=tuple(change(leg) for leg in read.legs)), placed

        return plan

    return by


def _raw(leg: Any) -> Any:
    return replace(leg, columns={**leg.columns, **{name: Prop(name) for name in leg.scalars}})


def _everyone(leg: Any) -> Any:
    return replace(leg, rows=TRUE)


def _never_over(whole: Any) -> Any:
    async def look(self: Any, request: Any) -> Any:
        try:
            async for event in whole(self, request):
                yield event
        except NotThere:
            if not self.last:
                raise

    return look


def _every_look(whole: Any) -> Any:
    count = [0]

    def digest(found: Any) -> bytes:
        count[0] += 1
        return b"%d" % count[0]

    return digest


def _nothing_is_right(whole: Any) -> Any:
    """Who has no handle of the kind is verified by any."""

    def known_by(kind: str, answers: str) -> str:
        none = f"NOT EXISTS {{ (n)-[:HAS_IDENTITY]->(:Identity {{kind: '{kind}'}}) }}"
        return f"({none} OR {whole(kind, answers)})"

    return known_by


REP, BOTH = ("service_rep",), ("service_rep", "customer")
LIVE_LEAKS = (
    LiveLeak(
        Leak(
            "write_without_row_rule",
            "what may not be seen may not be changed",
            graph.emit_write,
            "conjuncts",
            lambda whole: lambda *of: [],
            BOTH,
        ),
        fault_of_changes,
    ),
    LiveLeak(
        Leak(
            "verify_without_row_rule",
            "who may not be seen cannot be verified",
            graph.emit_write,
            "conjuncts",
            lambda whole: lambda *of: [],
            REP,
        ),
        fault_of_verifying,
    ),
    LiveLeak(
        Leak(
            "nothing_on_file_told_apart",
            "nothing on file is answered as a wrong answer is",
            graph.emit_verify,
            "_known_by",
            _nothing_is_right,
            REP,
        ),
        fault_of_verifying,
    ),
    LiveLeak(
        Leak(
            "payload_read_raw",
            "a payload tells what a query tells",
            resolvers.prepare_act,
            "plan_one",
            _legs(_raw),
            REP,
        ),
        fault_of_changes,
    ),
    LiveLeak(
        Leak(
            "event_to_whoever_listens",
            "an event is what its viewer may see",
            resolvers.prepare_act,
            "plan_one",
            _legs(_everyone),
            REP,
        ),
        fault_of_events,
    ),
    LiveLeak(
        Leak(
            "log_to_whoever_listens",
            "a log is followed as it is listed",
            resolvers.prepare_act,
            "plan_many",
            _legs_of_many(_everyone),
            ("customer",),
        ),
        fault_of_events,
    ),
    LiveLeak(
        Leak(
            "followed_list_of_everyone",
            "a cursor holds nothing of what is hidden",
            resolvers.prepare_list,
            "plan_many",
            _legs_of_many(_everyone),
            REP,
            seed=15,
        ),
        fault_of_events,
    ),
    LiveLeak(
        Leak(
            "hidden_changes_are_events",
            "what is not shown makes no event",
            resolvers.follow,
            "_digest",
            _every_look,
            REP,
        ),
        fault_of_events,
    ),
    LiveLeak(
        Leak(
            "withdrawn_goes_on",
            "what may not be seen any more ends",
            resolvers.follow._Record,
            "look",
            _never_over,
            REP,
        ),
        fault_of_events,
    ),
    LiveLeak(
        Leak(
            "outlives_its_token",
            "expiry ends it",
            server.live,
            "at_expiry",
            lambda whole: lambda viewer, end: whole(replace(viewer, expires_at=2**40), end),
            ("privacy_officer",),
        ),
        fault_of_expiry,
    ),
)
