"""Leaks of search and relationships: faults planted in what is matched, walked and told, which the proof must catch."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import graph.emit_search
import graph.emit_traverse
import graph.search
import graph.traverse
import resolvers.prepare
from graph.expr import TRUE, Prop
from graph.read import ByIdentity
from schema.model import MODEL
from tests.proof.oracle_paths import FEW
from tests.proof.planting import Leak

CONDITIONAL = ("service_rep", "marketer")
SEARCHING = ("service_rep", "marketer", "customer")
HIDING = ("service_rep", "marketer", "operations_manager", "customer")
EVERYONE = ("service_rep", "data_steward", "privacy_officer", "marketer")


def _raw_text(whole: Any) -> Any:
    """Every field that can be searched, as it really is."""

    def searched(seen: Any) -> Any:
        names = [name for name in MODEL[seen.name].searched if name in seen.fields] if whole(seen) else []
        return tuple((name, Prop(name)) for name in names)

    return searched


def _all_found(whole: Any) -> Any:
    """Hits of a type without the rules of its rows."""
    return lambda one, text, binder: whole(replace(one, leg=replace(one.leg, rows=TRUE)), text, binder)


def _few_found(whole: Any) -> Any:
    """Look-ups cut before the rules, so that hidden nodes take the place of visible ones."""

    def of_field(one: Any, field: int, binder: Any) -> Any:
        call, *rest = whole(one, field, binder)
        return [call, "WITH n ORDER BY n.id LIMIT 2", *rest]

    return of_field


def _any_field(whole: Any) -> Any:
    """A look-up in all fields of the index, so that one brings a node in whose words stand in a hidden one."""

    def of_field(one: Any, field: int, binder: Any) -> Any:
        call, *rest = whole(one, field, binder)
        return [call.replace(f"'{one.fields[field][0]}:' + words", "words"), *rest]

    return of_field


@contextmanager
def _visible_as(change: Callable[[Any, Any, str], str]) -> Iterator[None]:
    """The walk with another word for whether whoever is met is visible."""
    real = graph.emit_traverse._visible
    setattr(graph.emit_traverse, "_visible", lambda asked, binder: change(asked, binder, real(asked, binder)))  # noqa: B010  mypy knows the function by its name
    try:
        yield
    finally:
        setattr(graph.emit_traverse, "_visible", real)  # noqa: B010  mypy knows the function by its name


def _with_rules(change: Callable[[Any, Any, str], str]) -> Callable[[Any], Any]:
    """One part of the walk made with other rules."""

    def by(whole: Any) -> Any:
        def part(asked: Any, binder: Any) -> str:
            with _visible_as(change):
                return str(whole(asked, binder))

        return part

    return by


def _all(asked: Any, binder: Any, rules: str) -> str:
    return "true"


def _all_to(asked: Any, binder: Any, rules: str) -> str:
    """Only where it is asked whether one is reached from the other."""
    return rules if asked.to is None else "true"


def _cut_level(asked: Any, binder: Any, rules: str) -> str:
    """A level cut before the rules: hidden nodes take the place of visible ones."""
    return f"true\nWITH y ORDER BY y.id LIMIT {binder.name(FEW)} + 1\nWHERE {rules}"


def _cut_page(asked: Any, binder: Any, rules: str) -> str:
    """A page on which hidden ends take places."""
    return f"true\nWITH y, steps ORDER BY y.id LIMIT {binder.name(asked.limit)}\nWHERE {rules}"


def _all_edges(whole: Any) -> Any:
    """Every edge of the model between types that the role sees."""

    def steps(view: Any, kinds: Any = None) -> Any:
        seen = {name: replace(one, edges=MODEL[name].edges) for name, one in view.types.items()}
        return whole(replace(view, types=seen), kinds)

    return steps


def _any_start(whole: Any) -> Any:
    return lambda asked, name="": whole(replace(asked, start=replace(asked.start, rows=TRUE)), name)


def _any_goal(whole: Any) -> Any:
    return lambda to, goal, binder: whole(to, replace(goal, rows=TRUE), binder)


def _all_counted(whole: Any) -> Any:
    """`truncated` where there are too many around the start, seen or not."""

    def emitted(asked: Any, name: str = "") -> Any:
        made = whole(asked, name)
        most = FEW
        return replace(
            made, text=made.text.replace("truncated: any", f"truncated: COUNT {{ (n)--() }} > {most} OR any")
        )

    return emitted


def _callers_of_all(whole: Any) -> Any:
    def plan_many(start: Any, *rest: Any, **named: Any) -> Any:
        read, placed = whole(start, *rest, **named)
        if isinstance(start, ByIdentity):
            read = replace(read, legs=tuple(replace(leg, rows=TRUE) for leg in read.legs))
        return read, placed

    return plan_many


SEARCH, WALK = "search(", "relationships("

LEAKS_OF_PATHS: tuple[Leak, ...] = (
    Leak(
        "found_by_raw",
        "a search reads what is disclosed",
        graph.search,
        "searched",
        _raw_text,
        CONDITIONAL,
        "types: [CUSTOMER]",
        seed=1,
    ),
    Leak(
        "found_by_any",
        "a look-up names its field",
        graph.emit_search,
        "_of_field",
        _any_field,
        CONDITIONAL,
        "types: [CUSTOMER]",
        seed=1,
    ),
    Leak("found_of_all", "a search finds visible rows", graph.emit_search, "_of_type", _all_found, SEARCHING, SEARCH),
    Leak(
        "found_too_few",
        "a search is cut after the rules",
        graph.emit_search,
        "_of_field",
        _few_found,
        SEARCHING,
        root="search(first: 2",
        seed=10,
    ),
    Leak(
        "walks_through_all",
        "a walk leads through visible nodes",
        graph.emit_traverse,
        "_levels",
        _with_rules(_all),
        HIDING,
        root="types: [PLACED, OF",
        seed=4,
    ),
    Leak(
        "to_through_all",
        "ways to a goal lead through visible nodes",
        graph.emit_traverse,
        "_levels",
        _with_rules(_all_to),
        HIDING,
        root="hops: 3",
        seed=1,
    ),
    Leak("ends_of_all", "both ends are visible", graph.emit_traverse, "_rows", _with_rules(_all), HIDING, WALK),
    Leak(
        "walks_along_all",
        "a step is an edge of the View",
        graph.traverse,
        "steps",
        _all_edges,
        ("customer",),
        WALK,
        seed=4,
    ),
    Leak("starts_anywhere", "the start is visible", resolvers.prepare, "emit_traversal", _any_start, HIDING, WALK),
    Leak("goal_of_all", "the goal is visible", graph.emit_traverse, "_goal", _any_goal, HIDING, ", to: "),
    Leak(
        "level_cut_early",
        "hidden nodes take no place in a level",
        graph.emit_traverse,
        "_levels",
        _with_rules(_cut_level),
        HIDING,
        root="hops: 3",
        seed=3,
    ),
    Leak(
        "cut_counts_all",
        "truncated counts visible nodes",
        resolvers.prepare,
        "emit_traversal",
        _all_counted,
        HIDING,
        root="types: [PLACED, OF",
        seed=1,
    ),
    Leak(
        "page_cut_early",
        "hidden ends take no place on a page",
        graph.emit_traverse,
        "_rows",
        _with_rules(_cut_page),
        HIDING,
        root="first: 4",
    ),
    Leak(
        "callers_of_all",
        "callers are visible",
        resolvers.prepare,
        "plan_many",
        _callers_of_all,
        ("service_rep",),
        "callers(",
        seed=3,
    ),
)
