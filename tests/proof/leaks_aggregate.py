"""Leaks of groups: faults planted in what makes, counts and tells them, each of which the proof must catch."""

from dataclasses import replace
from typing import Any

import graph.aggregate
import graph.emit_aggregate
import resolvers.aggregate
import resolvers.guard
from graph.expr import TRUE, If, Prop
from graph.view import FieldView
from tests.proof.planting import Leak

COUNTING = ("service_rep", "operations_manager", "data_scientist", "marketer")
SUPPRESSING = ("data_scientist", "operations_manager")
CONDITIONAL = ("service_rep", "marketer")


def _rows_of_all(whole: Any) -> Any:
    """Every node of the type, whoever may see it."""
    return lambda table, binder: whole(replace(table, leg=replace(table.leg, rows=TRUE)), binder)


def _owners_of_all(whole: Any) -> Any:
    """Persons counted whom the viewer does not see."""

    def owner(owners: Any, binder: Any) -> str:
        steps = tuple((edge, replace(leg, rows=TRUE)) for edge, leg in owners.steps)
        return str(whole(replace(owners, steps=steps), binder))

    return owner


def _raw_keys(whole: Any) -> Any:
    """Groups made by what a field really is, where a condition hides it."""

    def dimension(seen: Any, name: str) -> Any:
        found = whole(seen, name)
        return found.then if isinstance(found, If) else found

    return dimension


def _raw_figures(whole: Any) -> Any:
    def figures(asked: Any, seen: Any) -> Any:
        return tuple(replace(one, of=Prop(one.column)) for one in whole(asked, seen))

    return figures


def _unfiltered_where(whole: Any) -> Any:
    """A filter that compares with what is not shown."""

    def predicate(where: object, seen: Any) -> Any:
        fields = {name: _open(one) for name, one in seen.fields.items()}
        return whole(where, replace(seen, fields=fields))

    return predicate


def _open(field: FieldView) -> FieldView:
    return replace(field, compared=Prop(field.property.name)) if isinstance(field.compared, If) else field


def _without_complement(whole: Any) -> Any:
    """Small groups left out, and nothing beside them."""

    def suppressed(cells: Any, minimum: int, *, disjoint: bool) -> Any:
        return frozenset(index for index, one in enumerate(cells) if one.persons < minimum and minimum > 1)

    return suppressed


LEAKS_OF_GROUPS: tuple[Leak, ...] = (
    Leak(
        "groups_of_all",
        "groups are made of visible rows",
        graph.emit_aggregate,
        "_rows",
        _rows_of_all,
        COUNTING,
    ),
    Leak(
        "persons_of_all",
        "groups are as large as the visible persons in them",
        graph.emit_aggregate,
        "_owner",
        _owners_of_all,
        SUPPRESSING,
        root="interactions { groups { by { kind }",
        seed=6,
    ),
    Leak(
        "groups_by_raw",
        "groups are made by what is disclosed",
        graph.aggregate,
        "dimension",
        _raw_keys,
        CONDITIONAL,
        root="by { phone }",
        seed=1,
    ),
    Leak(
        "groups_filtered_by_raw",
        "filters of groups compare what is disclosed",
        graph.aggregate,
        "predicate",
        _unfiltered_where,
        CONDITIONAL,
        root="not: {phone: {eq",
        seed=1,
    ),
    Leak(
        "small_groups_told",
        "small groups are not told",
        resolvers.aggregate,
        "suppressed",
        lambda whole: lambda cells, minimum, disjoint: frozenset(),
        SUPPRESSING,
    ),
    Leak(
        "complement_told",
        "no total gives a small group away",
        resolvers.aggregate,
        "suppressed",
        _without_complement,
        SUPPRESSING,
    ),
    Leak(
        "ends_of_small_groups",
        "a small group has neither least nor greatest",
        resolvers.aggregate,
        "_figure",
        lambda whole: (
            lambda field, name, scalar, planned, typename: whole(
                field, name, scalar, replace(planned, minimum=1), typename
            )
        ),
        SUPPRESSING,
    ),
    Leak(
        "atoms_unsafe",
        "atoms of few or of one who dominates are left out",
        resolvers.guard,
        "is_safe",
        lambda whole: lambda *of: True,
        ("marketer",),
        root="lifetimeValue { count sum",
    ),
    Leak(
        "sums_exact",
        "sums of what groups alone tell are rounded",
        resolvers.guard,
        "rounded",
        lambda whole: lambda total, step: total,
        ("marketer",),
        root="lifetimeValue { count sum",
        seed=1,
    ),
)
