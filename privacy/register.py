"""The record of processing activities (GDPR art. 30(1)), made of what is in force: policies, registry, retention.

Each purpose that a policy grants is an activity. Pure: what it says is what Views let through, so it cannot say
anything else than what is done. What no product knows (the controller, transfers) the registry's file states.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from auth.policy import Policy
from graph.expr import NULL
from graph.view import View
from privacy.personal import personal
from schema.governance import Controller, Governance, Retention, Staying
from schema.model import Category, Model, NodeType, Property
from schema.purposes import PURPOSES, LegalBasis

CUSTOMERS, EMPLOYEES = "customers and those who act for them", "employees"
WHOLE, IN_PART = "whole", "in part, masked or under conditions"


@dataclass(frozen=True, slots=True)
class Seen:
    """What a role has of a type: its categories, and whether whole or in part."""

    type: str
    categories: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Recipient:
    """A role to which personal data is disclosed (art. 30(1)(d)), and what of it."""

    role: str
    about: str
    owner: str
    seen: tuple[Seen, ...]
    changes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Activity:
    """One purpose: why, on which basis, whose data of which categories, and who has it."""

    purpose: str
    about: str
    basis: LegalBasis
    persons: tuple[str, ...]
    data: Mapping[str, tuple[str, ...]]
    recipients: tuple[Recipient, ...]


@dataclass(frozen=True, slots=True)
class Register:
    """The record. `limits` say when something is forgotten (art. 30(1)(f)), `unlimited` are personal types that no rule
    forgets as a whole, and every so many `hours` the rules are carried out; 0: by command alone. `staying` is what is
    kept of who asks to be forgotten (art. 17(3)).
    """

    controller: Controller
    activities: tuple[Activity, ...]
    limits: tuple[Retention, ...]
    hours: int
    unlimited: tuple[str, ...]
    unused: tuple[str, ...]
    staying: tuple[Staying, ...]


def register(
    model: Model,
    policies: Mapping[str, Policy],
    views: Mapping[tuple[str, str], View],
    governance: Governance,
    hours: int = 0,
) -> Register:
    """The record of what these policies, this registry and these rules have in force."""
    activities = tuple(
        _activity(model, purpose, [(policies[role], view) for (role, named), view in views.items() if named == purpose])
        for purpose in PURPOSES
        if any(named == purpose for _, named in views)
    )
    whole = {one.type for one in governance.retention if one.whole}
    unlimited = tuple(
        kind.name for kind in model.values() if kind.name not in whole and any(map(personal, kind.properties.values()))
    )
    unused = tuple(name for name in PURPOSES if name not in {one.purpose for one in activities})
    return Register(
        governance.controller, activities, governance.retention, hours, unlimited, unused, governance.staying
    )


def _activity(model: Model, purpose: str, granted: Iterable[tuple[Policy, View]]) -> Activity:
    recipients = tuple(_recipient(model, policy, view) for policy, view in granted)
    data: dict[str, dict[str, None]] = {}
    for one in recipients:
        for seen in one.seen:
            data.setdefault(seen.type, {}).update(dict.fromkeys(seen.categories))
    said = PURPOSES[purpose]
    merged = {kind: tuple(sorted(categories)) for kind, categories in data.items()}
    return Activity(purpose, said.about, said.basis, tuple(_persons(merged)), merged, recipients)


def _recipient(model: Model, policy: Policy, view: View) -> Recipient:
    return Recipient(
        policy.role, policy.said.about, policy.said.owner, seen_of(model, view), tuple(sorted(view.changes))
    )


def seen_of(model: Model, view: View) -> tuple[Seen, ...]:
    """What personal data a View lets through, type by type."""
    return tuple(one for kind in model.values() for one in _seen(kind, view))


def _seen(kind: NodeType, view: View) -> Iterator[Seen]:
    if kind.name not in view.types:
        return
    found: dict[str, str] = {}
    for name, field in view.types[kind.name].fields.items():
        held = kind.properties[name]
        shown = field.output != NULL or name in view.types[kind.name].guarded
        if shown and about_somebody(held):
            found[held.category.value] = WHOLE if field.plain else found.get(held.category.value, IN_PART)
    if found:
        yield Seen(kind.name, found)


def about_somebody(held: Property) -> bool:
    """Whether a field is personal data: of a customer, or of whoever did the work (art. 4(1))."""
    return held.category is Category.STAFF or personal(held)


def _persons(data: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    staff = Category.STAFF.value
    if any(set(categories) - {staff} for categories in data.values()):
        yield CUSTOMERS
    if any(staff in categories for categories in data.values()):
        yield EMPLOYEES
