"""What a viewer sees of a customer's journey: the selection that her View allows, and the moments that it gives."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from graph.expr import Variable
from graph.selection import Field, Item, Many, Node, NodeList, One, Typename
from graph.view import View
from insight.journey import Moment
from schema.journey import Stages, channel_named, channel_of

SINCE, UNTIL = "since", "until"
MOST_INTERACTIONS = 10_000
MOST_OTHERS = 1_000
_SUBJECTS = 10
_CONTACTS = frozenset({"EMAIL", "CALL", "CHAT", "SOCIAL_MENTION"})
_INTERACTION = ("id", "kind", "direction", "occurredAt", "stage", "name", "queue")
_ORDER = ("id", "placedAt", "status", "channel")
_SHIPMENT = ("id", "deliveredAt", "status")
_CASE = ("id", "openedAt", "closedAt", "status", "queueHistory")


def selection(view: View) -> One:
    """All that the View has of what journeys are made of, as a question for one customer.

    `SINCE` and `UNTIL` are variables of it. The latest interactions come first, and one more of each list than is
    told would show in no answer: `more` says whether a list is full.
    """
    window = {"occurredAt": {"gte": Variable((SINCE,)), "lte": Variable((UNTIL,))}}
    asked = {"first": MOST_INTERACTIONS + 1, "where": window, "orderBy": ({"occurredAt": "DESC"},)}
    items: list[tuple[str, Item]] = [
        ("interactions", Many("interactions", _nodes(_interaction(view)), asked, MOST_INTERACTIONS + 1))
    ]
    for edge, time, node in (("orders", "placedAt", _order(view)), ("cases", "openedAt", _case(view))):
        if node is None or not _has(view, "Customer", edge) or not _plain(view, node.type, time):
            continue
        page = {"first": MOST_OTHERS + 1, "orderBy": ({time: "DESC"},)}
        items.append((edge, Many(edge, _nodes(node), page, MOST_OTHERS + 1)))
    return One("customer", (Node("Customer", tuple(items)),))


def more(told: Mapping[str, Any]) -> bool:
    """Whether a list of what was read is full, so that something is left out."""
    most = {"interactions": MOST_INTERACTIONS, "orders": MOST_OTHERS, "cases": MOST_OTHERS}
    return any(len(told[name]["nodes"]) > most[name] for name in told)


def moments(told: Mapping[str, Any], stages: Stages, since: datetime, until: datetime) -> Iterator[Moment]:
    """The moments of what was read, in a window of time."""
    for one in told["interactions"]["nodes"][:MOST_INTERACTIONS]:
        yield _contact(one, stages, any("queueHistory" in case for case in _list(told, "cases")))
    for moment in (*_orders(told, stages), *_cases(told, stages)):
        if since <= moment.at <= until:
            yield moment


def _contact(one: Mapping[str, Any], stages: Stages, cases_tell_teams: bool) -> Moment:
    kind, channel = one["kind"], one.get("channel") or {}
    about = _list(one, "about")
    case = next((held["id"] for held in about if held["type"] == "Case"), None)
    topic = next((held["id"] for held in about if held["type"] == "Topic"), None)
    who = one.get("handledBy") or {}
    team = (who.get("team") or {}).get("name")
    contact = one["direction"] == "INBOUND" and kind in _CONTACTS
    return Moment(
        _at(one["occurredAt"]),
        one["id"],
        kind,
        channel_of(kind, channel.get("kind")),
        stages.known(one.get("stage")) or stages.of("interaction", kind=kind, name=one.get("name")),
        subject=case or topic,
        within=case is None,
        contact=contact,
        told=(who.get("id") or one.get("queue")) if contact else None,
        team=None if case and cases_tell_teams else team,
    )


def _orders(told: Mapping[str, Any], stages: Stages) -> Iterator[Moment]:
    for order in _list(told, "orders")[:MOST_OTHERS]:
        of = stages.of("order", state=order.get("status"))
        yield Moment(_at(order["placedAt"]), order["id"], "ORDER_PLACED", channel_named(order.get("channel")), of)
        for parcel in _list(order, "shipments"):
            if parcel.get("deliveredAt"):
                of = stages.of("shipment", state=parcel.get("status"))
                yield Moment(_at(parcel["deliveredAt"]), parcel["id"], "SHIPMENT_DELIVERED", None, of)


def _cases(told: Mapping[str, Any], stages: Stages) -> Iterator[Moment]:
    for case in _list(told, "cases")[:MOST_OTHERS]:
        key, of = case["id"], stages.of("case", state=case.get("status"))
        teams = [found for step in case.get("queueHistory") or () if (found := _moved(step)) is not None]
        first = teams[0][1] if teams else None
        yield Moment(_at(case["openedAt"]), key, "CASE_OPENED", None, of, subject=key, team=first)
        for at, team in teams[1:]:
            yield Moment(at, key, "CASE_MOVED", None, of, subject=key, team=team)
        if case.get("closedAt"):
            yield Moment(_at(case["closedAt"]), key, "CASE_CLOSED", None, of, subject=key)


def _moved(step: str) -> tuple[datetime, str] | None:
    """A step of a queue history, `time team`, as its system wrote it; None where that is not to be read."""
    words = step.split()
    for length in (2, 1):  # 2026-05-01 09:30, or 2026-05-01T09:30Z
        try:
            at = _at(" ".join(words[:length]))
        except ValueError:
            continue
        return (at, " ".join(words[length:])) if words[length:] else None
    return None


def _interaction(view: View) -> Node:
    items = list(_fields(view, "Interaction", _INTERACTION))
    if _has(view, "Interaction", "channel"):
        items.append(("channel", One("channel", (Node("Channel", _fields(view, "Channel", ("kind",))),))))
    about = tuple(
        Node(name, (("type", Typename(name)), ("id", Field("id"))))
        for name in ("Case", "Topic", "Order", "Product")
        if name in view.types and "id" in view.types[name].fields
    )
    if about and "about" in view.types["Interaction"].edges:
        items.append(("about", Many("about", (("nodes", NodeList(about)),), {"first": _SUBJECTS})))
    if _has(view, "Interaction", "handledBy"):
        who = list(_fields(view, "Employee", ("id",)))
        if _has(view, "Employee", "team"):
            who.append(("team", One("team", (Node("Team", _fields(view, "Team", ("name",))),))))
        items.append(("handledBy", One("handledBy", (Node("Employee", tuple(who)),))))
    return Node("Interaction", tuple(items))


def _order(view: View) -> Node | None:
    if "Order" not in view.types:
        return None
    items = list(_fields(view, "Order", _ORDER))
    if _has(view, "Order", "shipments") and _plain(view, "Shipment", "id"):
        parcels = Node("Shipment", _fields(view, "Shipment", _SHIPMENT))
        items.append(("shipments", Many("shipments", _nodes(parcels), {"first": _SUBJECTS})))
    return Node("Order", tuple(items))


def _case(view: View) -> Node | None:
    return Node("Case", _fields(view, "Case", _CASE)) if "Case" in view.types else None


def _fields(view: View, type_: str, names: tuple[str, ...]) -> tuple[tuple[str, Item], ...]:
    return tuple((name, Field(name)) for name in names if name in view.types[type_].fields)


def _nodes(node: Node | None) -> tuple[tuple[str, NodeList], ...]:
    return (("nodes", NodeList((node,) if node is not None else ())),)


def _has(view: View, type_: str, edge: str) -> bool:
    """Whether the View has an edge, and what it leads to."""
    found = view.types[type_].edges.get(edge)
    return found is not None and all(target in view.types for target in found.targets)


def _plain(view: View, type_: str, field: str) -> bool:
    found = view.types[type_].fields.get(field)
    return found is not None and found.plain and found.compared is not None


def _list(told: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    found = told.get(name)
    return [] if found is None else [one for one in found["nodes"] if one is not None]


def _at(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
