"""Signals of every customer, worked out anew and kept in the graph beside her.

Two passes over customers, page by page: the first learns what all have in common (how they pause, what goes together,
what others of a kind bring), the second works out what is so of each. Of whom and for what, the law says: signals are
a profile for the company's own interest (GDPR art. 6(1)(f)), so whoever objected to `operations` has none and nothing
is learned from her (art. 21(1)); what she may like is worked out only where some advertising is lawful for her
(art. 21(2)-(3)). The restricted, the deceased and the erased have none.
"""

from collections import Counter
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from graph.protocols import Graph
from insight.signals.churn import churn, history
from insight.signals.discovery import Touch, Trace, discovery, of_link
from insight.signals.orders import Order, in_time
from insight.signals.rhythm import Rhythm, Sample, fitted
from insight.signals.together import Offer, Refusal, Together, told
from insight.signals.value import Groups, Value, values
from insight.signals.value import told as told_value
from insight.statements import text
from schema.enums import SignalKind
from schema.purposes import PURPOSES

PAGE = 200
"""Customers that are held at once."""
FOR_ALL = "operations"
"""The purpose that carries signals, and what is learned of all."""
ADVERTISING = frozenset(one.name for one in PURPOSES.values() if one.advertises)
_CONTACTS = 20  # a link's words in later contacts say nothing of how she came
_SECONDS = 120.0
_MEDIA = {"EMAIL": "e-mail", "CALL": "phone", "CHAT": "chat", "SOCIAL_MENTION": "social media"}
_EVENTS = "web"


async def keep(graph: Graph, now: datetime) -> str:
    """Work out the signals of every customer as of `now`; in a line, of how many which were kept, and what went.

    The same `now` once more changes nothing. What was written by an error stays, and the next run goes on. Raises the
    errors of the database.
    """
    learned = _Learned(now)
    async for page in _pages(graph, now):
        for person in page:
            learned.enter(person)
    rhythm = fitted(learned.histories)
    catalogue = {row["id"]: row for row in await graph.read(text("signals_products"), {"today": now.date()}, _SECONDS)}
    kept: Counter[SignalKind] = Counter()
    customers = gone = 0
    async for page in _pages(graph, now):
        found = [(person.id, tuple(_signals(person, learned, rhythm, catalogue))) for person in page]
        rows = [{"customer": id_, "signals": [one.row(id_, now) for one in signals]} for id_, signals in found]
        gone += sum(await graph.write(text("signals_written"), {"rows": rows}, _SECONDS))
        customers += sum(bool(signals) for _, signals in found)
        kept.update(one.kind for _, signals in found for one in signals)
    while swept := sum(await graph.write(text("signals_swept"), {"most": PAGE}, _SECONDS)):
        gone += swept
    counts = ", ".join(f"{kept[kind]:,} {kind.value.lower().replace('_', '-')}" for kind in SignalKind)
    return f"{customers:,} customers; {counts}; {gone:,} taken away"


@dataclass(frozen=True, slots=True)
class _Person:
    """One customer as the graph has her."""

    id: str
    kind: str
    lawful: frozenset[str]
    orders: Sequence[Order]
    touches: Sequence[Touch]
    complaints: int

    @property
    def bought(self) -> frozenset[str]:
        """What she ordered, whether or not she kept it."""
        return frozenset(product for one in self.orders if one.happened for product in one.products)


@dataclass(slots=True)
class _Learned:
    """What all customers have in common. No names: numbers and counts."""

    now: datetime
    histories: Sample = field(default_factory=Sample)
    groups: Groups = field(default_factory=Groups)
    together: Together = field(default_factory=Together)

    def enter(self, person: _Person) -> None:
        if FOR_ALL not in person.lawful:
            return
        if found := history(person.orders, self.now):
            self.histories.enter(person.id, found)
        for value in values(person.orders, self.now):
            self.groups.enter(person.kind, value)
        self.together.enter(
            {product for one in in_time(person.orders, self.now) if one.kept for product in one.products}
        )


@dataclass(frozen=True, slots=True)
class _Signal:
    kind: SignalKind
    words: str
    properties: Mapping[str, Any] = field(default_factory=dict)
    cautions: Sequence[str] = ()
    products: Sequence[str] = ()
    campaigns: Sequence[str] = ()
    which: str = ""

    def row(self, customer: str, now: datetime) -> dict[str, Any]:
        """As the statement takes it."""
        key = " ".join(part for part in ("signal", customer, self.kind.value, self.which) if part)
        said = {"kind": self.kind.value, "at": now, "words": self.words, "cautions": list(self.cautions)}
        properties: dict[str, Any] = {**_NONE, **said, **self.properties}
        return {
            "key": key,
            "properties": properties,
            "products": list(self.products),
            "campaigns": list(self.campaigns),
        }


_NONE: Mapping[str, Any] = dict.fromkeys(
    ("band", "certainty", "probability", "orderProbability", "amount", "amountEver", "currency")
)


def _signals(
    person: _Person, learned: _Learned, rhythm: Rhythm | None, catalogue: Mapping[str, Mapping[str, Any]]
) -> Iterator[_Signal]:
    if FOR_ALL not in person.lawful:
        return
    now = learned.now
    for value in values(person.orders, now):
        yield _value(person.kind, value, learned.groups)
    if rhythm and (foretold := churn(person.orders, rhythm, now)):
        yield _Signal(
            SignalKind.CHURN,
            foretold.words,
            {
                "band": foretold.course.value,
                "probability": _told(foretold.active),
                "orderProbability": _told(foretold.orders),
            },
            _open(person.complaints),
        )
    if person.bought:
        yield _cross_sell(person, learned.together, catalogue)
    if found := discovery(person.touches, now):
        campaigns = [found.touch.campaign] if found.touch.campaign else []
        said = {"band": found.touch.channel, "certainty": found.certainty.value}
        yield _Signal(SignalKind.DISCOVERY, found.words, said, campaigns=campaigns)


def _told(chance: float) -> float:
    """To the hundredth; nothing of the kind is certain."""
    return min(max(round(chance, 2), 0.01), 0.99)


def _value(kind: str, value: Value, groups: Groups) -> _Signal:
    fifth = groups.fifth(kind, value)
    money = {"amount": value.year, "amountEver": value.ever, "currency": value.currency}
    band = {"band": fifth.value if fifth else None}
    return _Signal(SignalKind.VALUE, told_value(kind, value, fifth), money | band, which=value.currency)


def _cross_sell(person: _Person, together: Together, catalogue: Mapping[str, Mapping[str, Any]]) -> _Signal:
    """What she may like, unless advertising is not lawful for her or a complaint is open: then why not."""
    refusals = [Refusal.COMPLAINT] if person.complaints else []
    offers: tuple[Offer, ...] = ()
    if not ADVERTISING & person.lawful:
        refusals.insert(0, Refusal.NOT_LAWFUL)
    if not refusals:
        offers = together.offers(person.bought, lambda one: one in catalogue and catalogue[one]["sold"])
    words = told(offers, refusals, lambda one: str(catalogue[one]["name"]) if one in catalogue else "a former product")
    cautions = [one.value for one in refusals]
    return _Signal(SignalKind.CROSS_SELL, words, cautions=cautions, products=[one.product for one in offers])


def _open(complaints: int) -> tuple[str, ...]:
    if not complaints:
        return ()
    return (f"{Refusal.COMPLAINT.value}" if complaints == 1 else f"{complaints} complaints are open",)


async def _pages(graph: Graph, now: datetime) -> AsyncIterator[list[_Person]]:
    """All customers, some at a time, in the order of their ids."""
    asked = {"most": PAGE, "now": now, "purposes": sorted({FOR_ALL, *ADVERTISING}), "contacts": _CONTACTS}
    after = ""
    while rows := await graph.read(text("signals_read"), {**asked, "after": after}, _SECONDS):
        yield [_person(row) for row in rows]
        after = rows[-1]["id"]


def _person(row: Mapping[str, Any]) -> _Person:
    orders = tuple(_order(one) for one in row["orders"])
    touches = tuple(_touches(row))
    return _Person(row["id"], row["kind"], frozenset(row["lawful"]), orders, touches, row["complaints"])


def _order(row: Mapping[str, Any]) -> Order:
    credited: Counter[str] = Counter()
    for note in row["credited"]:
        credited[note["currency"]] += note["amount"]
    return Order(
        _moment(row["at"]), row["status"], row["currency"], row["total"] or 0, credited, frozenset(row["products"])
    )


def _touches(row: Mapping[str, Any]) -> Iterator[Touch]:
    for one in row["orders"]:
        at, campaign = _moment(one["at"]), one["campaign"]
        yield Touch(at, Trace.ORDER, one["channel"] or "an unknown channel")
        if one["discovery"]:
            yield Touch(at, Trace.RECORDED, one["discovery"], campaign and campaign["id"])
        elif campaign:
            yield Touch(at, Trace.CAMPAIGN, _written(campaign["channel"]), campaign["id"])
    yield from _of_contacts(row["contacts"])
    for one in row["answered"]:
        yield Touch(_moment(one["at"]), Trace.CAMPAIGN, _written(one["channel"]), one["campaign"])


def _of_contacts(contacts: Iterable[Mapping[str, Any]]) -> Iterator[Touch]:
    for one in contacts:
        at = _moment(one["at"])
        yield Touch(at, Trace.CONTACT, _MEDIA.get(one["kind"], _EVENTS))
        if source := of_link(one["name"]):
            yield Touch(at, Trace.LINK, source)


def _written(channel: str) -> str:
    return {"EMAIL": "e-mail", "SMS": "text message"}.get(channel, channel.lower().replace("_", " "))


def _moment(millis: int) -> datetime:
    return datetime.fromtimestamp(millis / 1000, UTC)
