"""How well the next stage of a journey is foretold: learned from one half of the customers, tried on the other."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256

from ingest.company import Company
from ingest.directory import Found
from ingest.records import OrderRecord, Parcel, Ticket
from ingest.touches import touches
from insight.journey import Journeys, Moment, Stage, journeys
from insight.journey_chances import Chances, Foretelling, Passage, foretelling, passages
from insight.reliability import Reliability, reliability

Way = Callable[[Chances, str, str], Mapping[str, float]]
WAYS: Mapping[str, Way] = {
    "the last two stages": lambda chances, before, at: chances.following(before, at),
    "the last stage": lambda chances, before, at: chances.after_one_alone(at),
    "the commonest stage": lambda chances, before, at: chances.marginal(),
}
"""What the next stage is foretold from; the last one is the simple way."""


def walked(company: Company) -> Mapping[str, Journeys]:
    """The journeys of every customer."""
    said = company.exports.journey
    stages = tuple(Stage(one.name, one.title, one.drop_off, one.gap) for one in said.stages)
    found: dict[str, list[Moment]] = defaultdict(list)

    def enter(owner: Found | None, moment: Moment) -> None:
        if owner is not None and moment.at <= company.now:
            found[owner.customer].append(moment)

    for one in touches(company):
        stage = said.of("interaction", kind=one.kind.name, name=one.name)
        owner = company.attribution.of(one.system, one.key)
        enter(owner, Moment(one.at, f"{one.system}:{one.key}", one.kind.name, one.channel.name, stage))
    for order in company.exports.of(OrderRecord):
        stage = said.of("order", state=order.status)
        enter(company.attribution.of("orders", order.key), Moment(order.placed_at, order.key, "order", None, stage))
    for parcel in company.exports.of(Parcel):
        owner = company.attribution.of("orders", parcel.order or "")
        if parcel.delivered_at is not None:
            stage = said.of("shipment", state=parcel.status)
            enter(owner, Moment(parcel.delivered_at, parcel.key, "shipment", None, stage))
    for case in company.exports.of(Ticket):
        owner, stage = company.attribution.of("cases", case.key), said.of("case", state=case.status)
        enter(owner, Moment(case.opened_at, case.key, "opened", None, stage))
        if case.closed_at is not None:
            enter(owner, Moment(case.closed_at, case.key, "closed", None, stage))
    return {customer: journeys(moments, stages, company.now) for customer, moments in sorted(found.items())}


def foretold(company: Company, found: Mapping[str, Journeys]) -> tuple[Mapping[str, Foretelling], Reliability | None]:
    """How well each way foretells the other half's next stages; and whether the chances of the first one came."""
    halves: tuple[list[Passage], list[Passage]] = ([], [])
    for customer, one in found.items():
        halves[sha256(customer.encode()).digest()[0] % 2].extend(passages(one.visits))
    names = [stage.name for stage in company.exports.journey.stages]
    tried: dict[str, list[tuple[Mapping[str, float], str]]] = {way: [] for way in WAYS}
    for taught, asked in (halves, halves[::-1]):
        chances = Chances(names)
        chances.learn(taught)
        for way, foretell in WAYS.items():
            tried[way] += [(foretell(chances, before, at), came) for before, at, came in asked]
    best: Sequence[tuple[Mapping[str, float], str]] = next(iter(tried.values()))
    if not best:
        return {}, None
    each = ((chance, name == came) for held, came in best for name, chance in held.items())
    return {way: foretelling(several) for way, several in tried.items()}, reliability(each)
