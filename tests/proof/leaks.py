"""Leaks: faults planted in the product, one for each path and each law, each of which the proof must catch.

A leak is a way to break one function for the time of a `with`; it says which promise it breaks and where it would show.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import auth.narrow
import auth.rule
import graph.emit
import graph.filter
import graph.plan
import resolvers.bind
import resolvers.cursor
import resolvers.prepare
import resolvers.shape
from graph.expr import FALSE, TRUE, And, Compare, Exists, Expr, If, Inherited, IsNull, Mask, Not, Or, Prop, Visible
from graph.read import ById, ByIdentity
from graph.view import FieldView
from tests.proof.leaks_aggregate import LEAKS_OF_GROUPS
from tests.proof.leaks_live import LIVE_LEAKS, LiveLeak
from tests.proof.leaks_paths import LEAKS_OF_PATHS
from tests.proof.leaks_policy import LEAKS_OF_POLICIES
from tests.proof.planting import Leak, planted

__all__ = ["LEAKS", "LIVE_LEAKS", "Leak", "LiveLeak", "planted"]


def _field(change: Callable[[FieldView, Any], FieldView]) -> Callable[[Any], Any]:
    def by(whole: Any) -> Any:
        return lambda self, held, grant: change(whole(self, held, grant), held)

    return by


def _compare_masked(seen: FieldView, held: Any) -> FieldView:
    """Masked values compared with what they really are, once a schema lets them be named."""
    return replace(seen, compared=Prop(held.name)) if isinstance(seen.compared, If) else seen


def _show_masked(seen: FieldView, held: Any) -> FieldView:
    return replace(seen, output=Prop(held.name)) if isinstance(seen.output, Mask) else seen


def _show_conditional(seen: FieldView, held: Any) -> FieldView:
    return replace(seen, output=Prop(held.name)) if isinstance(seen.output, If) else seen


def _rows(change: Callable[[tuple[Expr, Expr]], tuple[Expr, Expr]]) -> Callable[[Any], Any]:
    return lambda whole: lambda self: change(whole(self))


def _without(kind: type) -> Callable[[tuple[Expr, Expr]], tuple[Expr, Expr]]:
    def change(rows: tuple[Expr, Expr]) -> tuple[Expr, Expr]:
        kept = rows[0].parts if isinstance(rows[0], And) else (rows[0],)
        return And(tuple(part for part in kept if not isinstance(part, kind))), rows[1]

    return change


def _legs(change: Callable[[Any, Any], Any]) -> Callable[[Any], Any]:
    """Change what a leg is made into, told from where it was reached."""

    def by(whole: Any) -> Any:
        return lambda self, above, unattributed: change(whole(self, above, unattributed), above)

    return by


def _one_of_several_will_do(whole: Any) -> Any:
    """Where all subjects have to be visible, one is enough."""

    def expanded(expr: Expr, *where: Any) -> Expr:
        found: Expr = whole(expr, *where)
        parts = found.parts if isinstance(found, And) else (found,)
        return And(tuple(part for part in parts if not isinstance(part, Not))) if isinstance(expr, Visible) else found

    return expanded


def _open_below(leg: Any, above: Any) -> Any:
    return leg if above is None else replace(leg, rows=TRUE)


def _open_roots(leg: Any, above: Any) -> Any:
    return leg if above is not None else replace(leg, rows=TRUE)


def _pages(change: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def by(whole: Any) -> Any:
        def page(*arguments: Any) -> Any:
            made, placed = whole(*arguments)
            return change(made), placed

        return page

    return by


def _lawful_for_ever(whole: Any) -> Any:
    def lawful(kind: Any, model: Any, purpose: Any) -> Any:
        found = whole(kind, model, purpose)
        return _forget(found, lambda part: isinstance(part, Or))

    return lawful


def _forget(found: Any, which: Callable[[Any], bool]) -> Any:
    if isinstance(found, Exists) and isinstance(found.where, And):
        return replace(found, where=And(tuple(part for part in found.where.parts if not which(part))))
    return replace(found, where=_forget(found.where, which)) if isinstance(found, Exists) else found


def _lawful_for_anything(whole: Any) -> Any:
    def lawful(kind: Any, model: Any, purpose: Any) -> Any:
        return _forget(
            whole(kind, model, purpose), lambda part: isinstance(part, Compare) and part.left == Prop("purpose")
        )

    return lawful


def _count_unguarded(whole: Any) -> Any:
    return lambda found, legs, page, place, binder: whole(
        found, tuple(replace(leg, rows=TRUE) for leg in legs), page, place, binder
    )


def _limit_before_rules(whole: Any) -> Any:
    def rows(found: Any, legs: Any, page: Any, place: Any, binder: Any) -> Any:
        early = [*found, f"WITH {place.at} ORDER BY {place.at}.id LIMIT {binder.name(page.limit)}"]
        return whole(early, legs, page, place, binder)

    return rows


def _union_unguarded(whole: Any) -> Any:
    return lambda legs, at, binder: (
        whole(legs, at, binder) if len(legs) == 1 else ["(" + " OR ".join(f"{at}:{leg.label}" for leg in legs) + ")"]
    )


def _first_of_one_unguarded(whole: Any) -> Any:
    def one(found: Any, legs: Any, place: Any, binder: Any, start: Any = None) -> Any:
        if start is None:
            legs = tuple(replace(leg, rows=TRUE) for leg in legs)
        return whole(found, legs, place, binder, start)

    return one


def _always_arrived(whole: Any) -> Any:
    def expanded(expr: Expr, view: Any, at: str, arrival: Any) -> Any:
        return TRUE if isinstance(expr, Visible) and arrival is not None else whole(expr, view, at, arrival)

    return expanded


def _always_inherited(whole: Any) -> Any:
    def taken_over(self: Any, rule: Expr, above: Any) -> Any:
        if above is not None and isinstance(rule, Exists) and rule.target == above[0].seen.name:
            return Inherited(above[0].share(rule.where))
        return whole(self, rule, above)

    return taken_over


def _handles_of_all(whole: Any) -> Any:
    def plan_one(start: Any, asked: Any, view: Any) -> Any:
        read, placed = whole(start, asked, view)
        if isinstance(start, ByIdentity):
            read = replace(read, legs=tuple(replace(leg, rows=TRUE) for leg in read.legs))
        return read, placed

    return plan_one


def _ids_of_all(whole: Any) -> Any:
    def plan_one(start: Any, asked: Any, view: Any) -> Any:
        read, placed = whole(start, asked, view)
        if isinstance(start, ById):
            read = replace(read, legs=tuple(replace(leg, rows=TRUE) for leg in read.legs))
        return read, placed

    return plan_one


def _tell_by_chance(whole: Any) -> Any:
    def seal(self: Any, position: Any, bond: bytes) -> str:
        """Cursors that say how many nodes there are of which the viewer sees some."""
        return str(whole(self, [*position, id(position) % 7], bond))

    return seal


def _reader_lawful(change: Callable[[Any], Any]) -> Any:
    """The rule reader's own `lawful`, with another way to make the expression."""
    module = auth.rule.__dict__
    broken = change(module["lawful"])

    def lawful(self: Any, asked: Any, kind: Any) -> Any:
        purpose = graph.expr.Const(asked.value) if hasattr(asked, "value") else graph.expr.Purpose()
        return broken(kind, self.model, purpose)

    return lawful


def _raw_null(whole: Any) -> Any:
    def comparison(field: FieldView, name: str, value: object, *, positive: bool) -> Any:
        if name == "isNull":
            test = IsNull(Prop(field.property.name))
            return test if value else graph.expr.Not(test)
        return whole(field, name, value, positive=positive)

    return comparison


def _raw_order(whole: Any) -> Any:
    def orders(asked: object, seen: Any) -> Any:
        return tuple(replace(key, by=key.by.then) if isinstance(key.by, If) else key for key in whole(asked, seen))

    return orders


EVERYONE = ("service_rep", "data_steward", "operations_manager", "privacy_officer", "marketer")
CONDITIONAL = ("service_rep", "service_rep", "marketer")

LEAKS: tuple[Leak, ...] = (
    Leak(
        "filter_reads_raw",
        "filters compare what is disclosed",
        auth.narrow._Narrowing,
        "field",
        _field(_compare_masked),
        CONDITIONAL,
        root="customers(where: {email: {eq",
        seed=1,
    ),
    Leak(
        "mask_forgotten",
        "a mask is computed in the database",
        auth.narrow._Narrowing,
        "field",
        _field(_show_masked),
        CONDITIONAL,
        root="nodes { id birthDate",
    ),
    Leak(
        "condition_forgotten",
        "a condition decides for each row",
        auth.narrow._Narrowing,
        "field",
        _field(_show_conditional),
        ("service_rep",),
        root="id email phone _withheld",
    ),
    Leak(
        "status_gate_forgotten",
        "erased and restricted are gone",
        auth.narrow,
        "status_gate",
        lambda whole: lambda purpose: TRUE,
        EVERYONE,
        root="where: {not: {email",
        seed=8,
    ),
    Leak(
        "subject_forgotten",
        "what is about a person needs the person",
        auth.narrow._Narrowing,
        "rows",
        _rows(_without(Visible)),
        EVERYONE,
        root="customer { id } campaign",
        seed=2,
    ),
    Leak(
        "row_rule_forgotten",
        "the role's rows alone",
        auth.narrow._Narrowing,
        "rows",
        _rows(_without(Or)),
        ("service_rep",),
        root="customers(first: 2) { totalCount",
        seed=2,
    ),
    Leak(
        "unattributed_of_all",
        "unattributed means nobody's",
        auth.narrow._Narrowing,
        "rows",
        lambda whole: lambda self: (whole(self)[0], TRUE if whole(self)[1] != FALSE else FALSE),
        ("operations_manager", "data_steward"),
        root="unattributed",
    ),
    Leak(
        "standing_never_ends",
        "a standing ends when it says",
        auth.rule.__dict__["_Reader"],
        "lawful",
        lambda whole: _reader_lawful(_lawful_for_ever),
        CONDITIONAL,
        root="where: {email: {eq",
        seed=4,
    ),
    Leak(
        "standing_for_anything",
        "a standing is for one purpose",
        auth.rule.__dict__["_Reader"],
        "lawful",
        lambda whole: _reader_lawful(_lawful_for_anything),
        CONDITIONAL,
        root="where: {email: {eq",
        seed=2,
    ),
    Leak(
        "one_of_several_will_do",
        "what is about several is there where all of them are",
        graph.plan,
        "_expanded",
        _one_of_several_will_do,
        ("data_steward", "privacy_officer"),
        each=8,
        root="records(first",
        seed=2,
    ),
    Leak(
        "below_unguarded",
        "every level has its rows",
        graph.plan._Leg,
        "finished",
        _legs(_open_below),
        ("operations_manager",),
        root="servedBy(first",
    ),
    Leak(
        "roots_unguarded",
        "every root has its rows",
        graph.plan._Leg,
        "finished",
        _legs(_open_roots),
        EVERYONE,
        root="where: {not: {email",
        seed=8,
    ),
    Leak(
        "node_unguarded",
        "node(id) and customer(id) have their rows",
        resolvers.prepare,
        "plan_one",
        _ids_of_all,
        EVERYONE,
        root="node(id",
    ),
    Leak(
        "handle_unguarded",
        "a handle finds visible customers alone",
        resolvers.prepare,
        "plan_one",
        _handles_of_all,
        ("service_rep",),
        root="customer(identity",
        seed=4,
    ),
    Leak(
        "count_unguarded",
        "totalCount counts visible rows",
        graph.emit,
        "_count",
        _count_unguarded,
        EVERYONE,
        root="where: {not: {email",
        seed=8,
    ),
    Leak(
        "limit_before_rules",
        "hidden rows take no place on a page",
        graph.emit,
        "_rows",
        _limit_before_rules,
        EVERYONE,
        root="where: {email",
    ),
    Leak(
        "union_unguarded",
        "each member of a union has its rows",
        graph.emit,
        "guard",
        _union_unguarded,
        EVERYONE,
        root="about(first",
        each=8,
    ),
    Leak(
        "one_unguarded",
        "an edge to one node has its rows",
        graph.emit,
        "_one",
        _first_of_one_unguarded,
        EVERYONE,
        root="household {",
        seed=1,
    ),
    Leak(
        "arrival_from_anywhere",
        "only who comes along the subject's edge has proof",
        graph.plan,
        "_expanded",
        _always_arrived,
        EVERYONE,
        root="orders(first: 50)",
        seed=9,
    ),
    Leak(
        "rules_of_strangers",
        "only the one subject's rule may be taken over",
        graph.plan._Leg,
        "taken_over",
        _always_inherited,
        ("service_rep",),
        root="nodes { id value normalized",
        each=8,
        seed=2,
    ),
    Leak(
        "empty_or_is_true",
        "an or of nothing is false",
        graph.filter,
        "either",
        lambda whole: lambda *parts: whole(*parts) if parts else TRUE,
        EVERYONE,
        root="where: {or: []}",
    ),
    Leak(
        "not_of_null",
        "what is not shown counts as null under not",
        graph.filter,
        "_guarded",
        lambda whole: lambda field, positive, compare: whole(field, True, compare),
        ("service_rep",),
        root="not: {email",
    ),
    Leak(
        "null_told_apart",
        "isNull reads what is disclosed",
        graph.filter,
        "_comparison",
        _raw_null,
        ("service_rep",),
        root="email: {isNull",
    ),
    Leak(
        "order_reads_raw",
        "orders read what is disclosed",
        graph.plan,
        "orders",
        _raw_order,
        ("service_rep",),
        root="orderBy: [{",
    ),
    Leak(
        "cursor_by_chance",
        "one position has one cursor",
        resolvers.cursor.Sealer,
        "seal",
        _tell_by_chance,
        EVERYONE,
        root="[{name: ASC}]) { totalCount edges",
        seed=1,
    ),
    Leak(
        "reasons_forgotten",
        "_withheld tells apart",
        resolvers.shape,
        "_withheld",
        lambda whole: lambda placed: lambda row, sealer: [],
        CONDITIONAL,
        root="nodes { id email phone _withheld",
        seed=2,
    ),
    Leak(
        "more_counts_hidden",
        "hasNextPage counts visible rows",
        graph.plan,
        "_page",
        _pages(lambda page: replace(page, limit=page.limit - 1)),
        EVERYONE,
        root="nodes { id birthDate",
        seed=1,
    ),
    *(replace(leak, root="aggregate {", each=12) for leak in LEAKS_OF_GROUPS),
    *(replace(leak, each=8) for leak in LEAKS_OF_POLICIES),
    *LEAKS_OF_PATHS,
)
