"""Leaks of policies: faults planted in rules, masks and reveals, each of which the proof must catch."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import auth.narrow
import auth.reveals
import auth.rule
import graph.emit
import resolvers.cursor
from graph.expr import If, Mask, Prop, Revealed
from graph.view import FieldView
from tests.proof.planting import Leak


def _long_ago(whole: Any) -> Any:
    """A rule of time that reaches back as far as one can say."""
    return lambda tree: auth.rule.MOST_DAYS


def _for_ever(whole: Any) -> Any:
    """What was revealed once stays revealed."""

    def ids(self: Any, viewer: Any, name: str, now: Any) -> list[str]:
        held = self._held.get((viewer.subject, viewer.role, viewer.purpose), {})
        return sorted(id_ for known, id_ in held if known == name)

    return ids


def _of_every_node(whole: Any) -> Any:
    """Whatever could be revealed is."""
    return lambda rule, place, binder: "true" if isinstance(rule, Revealed) else whole(rule, place, binder)


def _opened(whole: Callable[..., FieldView]) -> Any:
    """A field that is revealed is compared as it is."""

    def revealed(self: Any, seen: FieldView) -> FieldView:
        found = whole(self, seen)
        return replace(found, compared=found.output)

    return revealed


def _buckets_compared(whole: Callable[..., FieldView]) -> Any:
    def field(self: Any, held: Any, grant: Any) -> FieldView:
        seen = whole(self, held, grant)
        return replace(seen, compared=Prop(held.name)) if _is_bucket(seen.output) else seen

    return field


def _is_bucket(output: Any) -> bool:
    return _is_bucket(output.other) if isinstance(output, If) else isinstance(output, Mask) and output.name == "bucket"


def _buckets_of_one(whole: Any) -> Any:
    return lambda self, held, grant, name, step: whole(self, held, grant, name, step and "1")


def _one_project(whole: Any) -> Any:
    return lambda self, field, id_: whole(replace(self, project=""), field, id_)


def _pseudonym_of_the_value(whole: Any) -> Any:
    """The value itself in place of whose record it is."""

    def mask(self: Any, held: Any, grant: str, name: str, step: str) -> Any:
        return Prop(held.name) if name == "pseudonym" else whole(self, held, grant, name, step)

    return mask


def _sealed_opened(whole: Any) -> Any:
    """The value itself, which is opened then, in place of what stands beside it."""

    def mask(self: Any, held: Any, grant: str, name: str, step: str) -> Any:
        return Prop(held.name) if held.sealed else whole(self, held, grant, name, step)

    return mask


def _sealed_guessed(whole: Callable[..., FieldView]) -> Any:
    """Whoever sees an end may try out whole values."""

    def field(self: Any, held: Any, grant: Any) -> FieldView:
        seen = whole(self, held, grant)
        return replace(seen, found_by=Prop(held.found_by)) if held.found_by else seen

    return field


def _all_sealed_opened(whole: Callable[..., FieldView]) -> Any:
    """A role that may reveal one sees all."""

    def revealed(self: Any, seen: FieldView) -> FieldView:
        found = whole(self, seen)
        return replace(found, output=Prop(seen.property.name)) if seen.property.sealed else found

    return revealed


LEAKS_OF_POLICIES: tuple[Leak, ...] = (
    Leak(
        "sealed_opened_for_the_masked",
        "who sees the end of a sealed value has not the value",
        auth.narrow._Narrowing,
        "mask",
        _sealed_opened,
        ("service_rep",),
        root="paymentReference",
    ),
    Leak(
        "sealed_guessed_by_the_masked",
        "who does not see a sealed value cannot look for it",
        auth.narrow._Narrowing,
        "field",
        _sealed_guessed,
        ("service_rep",),
        root="nationalId: {",
    ),
    Leak(
        "sealed_revealed_of_all",
        "what may be revealed is shut until it is",
        auth.narrow._Narrowing,
        "revealed",
        _all_sealed_opened,
        ("service_rep",),
        root="nationalId _withheld",
    ),
    Leak(
        "time_forgotten",
        "what is older than the rule says is not there",
        auth.rule,
        "_days",
        _long_ago,
        ("data_scientist",),
        root="interactions",
        seed=4,
    ),
    Leak(
        "reveal_for_ever",
        "what is revealed is masked again when its time is over",
        auth.reveals.Reveals,
        "ids",
        _for_ever,
        ("service_rep",),
        root="_withheld",
        seed=1,
    ),
    Leak(
        "reveal_of_all",
        "only the one node is revealed",
        graph.emit,
        "_hoist",
        _of_every_node,
        ("service_rep",),
        root="_withheld",
        seed=1,
    ),
    Leak(
        "reveal_opens_filters",
        "filters and orders never read what is revealed",
        auth.narrow._Narrowing,
        "revealed",
        _opened,
        ("service_rep",),
        root="birthDate: {gte",
    ),
    Leak(
        "bucket_compared_raw",
        "a number in buckets has no filter and no order",
        auth.narrow._Narrowing,
        "field",
        _buckets_compared,
        ("service_rep",),
        root="balance",
    ),
    Leak(
        "bucket_of_one",
        "a bucket is as wide as the policy says",
        auth.narrow._Narrowing,
        "mask",
        _buckets_of_one,
        ("service_rep",),
        root="balance",
    ),
    Leak(
        "pseudonym_of_all_projects",
        "no two projects have a pseudonym in common",
        resolvers.cursor.Sealer,
        "pseudonym",
        _one_project,
        ("data_scientist",),
        root="identities(",
    ),
    Leak(
        "pseudonym_of_the_value",
        "the value behind a pseudonym stays in the database",
        auth.narrow._Narrowing,
        "mask",
        _pseudonym_of_the_value,
        ("data_scientist",),
        root="identities(",
    ),
)
