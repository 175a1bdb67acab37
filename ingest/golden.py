"""The golden record of each customer: what survives of its records, and what its orders and interactions add."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time

from ingest.corrections import OURS, Correction, alike, chosen, of_attribute
from ingest.organisations import Organisation
from ingest.records import OrderRecord, PostalAddress, Profile
from ingest.resolve import handles
from ingest.survivorship import AttributeRules, Candidate, Choice, survive
from schema.enums import ChannelKind

OF_PERSONS = (
    "givenName",
    "familyName",
    "birthDate",
    "email",
    "phone",
    "address",
    "region",
    "preferredChannel",
)
SECRET = ("nationalId",)
"""What of a person is sealed: neither measured nor stated anywhere in words, though it is chosen as the rest."""
_NOT_KEPT = frozenset({"returned", "cancelled"})


@dataclass(frozen=True, slots=True)
class Golden:
    """What is best known of one customer; money in hundredths. `choices` say for each attribute why."""

    given_name: str | None
    family_name: str | None
    name: str | None
    birth_date: date | None
    email: str | None
    phone: str | None
    vat_number: str | None
    national_id: str | None = field(repr=False)
    region: str | None
    customer_since: date | None
    balance: int | None
    address: PostalAddress | None
    preferred: ChannelKind | None
    choices: Mapping[str, Choice] = field(repr=False)


def golden_person(
    records: Sequence[Profile],
    shared: frozenset[str],
    rules: Mapping[str, AttributeRules],
    corrections: Sequence[Correction] = (),
) -> Golden:
    """The golden record of a person. `shared` are handles that several people use: they are not usable.

    `corrections` are what was set right of her.
    """
    choices = {
        attribute: choice
        for attribute, candidates in candidates_of(records, shared).items()
        if (choice := chosen(rules[attribute], candidates, of_attribute(corrections, attribute)))
    }
    value = {attribute: choice.chosen.value for attribute, choice in choices.items()}
    lives = choices.get("address")
    addresses = {(one.system, one.key): one.address for one in records}
    addresses |= {(OURS, one.id): one.address for one in corrections if one.address is not None}
    suffix = next((one.name.suffix for one in records if one.name.suffix), None)
    names = [value.get("givenName"), value.get("familyName"), f"{suffix.capitalize()}." if suffix else None]
    balances = [one.balance for one in records if one.balance is not None]
    return Golden(
        given_name=value.get("givenName"),
        family_name=value.get("familyName"),
        name=" ".join(part for part in names if part) or None,
        birth_date=date.fromisoformat(value["birthDate"]) if "birthDate" in value else None,
        email=value.get("email"),
        phone=value.get("phone"),
        vat_number=None,
        national_id=value.get("nationalId"),
        region=value.get("region"),
        customer_since=min((one.since for one in records if one.since), default=None),
        balance=sum(balances) if balances else None,
        address=addresses[lives.chosen.system, lives.chosen.record] if lives else None,
        preferred=ChannelKind[value["preferredChannel"]] if "preferredChannel" in value else None,
        choices=choices,
    )


def golden_organisation(organisation: Organisation, rules: Mapping[str, AttributeRules]) -> Golden:
    """The golden record of a company."""
    accounts = organisation.accounts
    seen = {one.key: datetime.combine(one.since, time(), UTC) if one.since else None for one in accounts}
    lead = organisation.lead
    named = {
        "name": [Candidate(one.name, "accounts", one.key, seen[one.key], one != lead) for one in accounts],
        "vatNumber": [
            Candidate(one.vat_number, "accounts", one.key, seen[one.key]) for one in accounts if one.vat_number
        ],
        "region": [Candidate(one.country, "accounts", one.key, seen[one.key]) for one in accounts if one.country],
    }
    choices = {attribute: choice for attribute, found in named.items() if (choice := survive(rules[attribute], found))}
    value = {attribute: choice.chosen.value for attribute, choice in choices.items()}
    return Golden(
        given_name=None,
        family_name=None,
        name=value["name"],
        birth_date=None,
        email=None,
        phone=None,
        vat_number=value.get("vatNumber"),
        national_id=None,
        region=value.get("region"),
        customer_since=min((one.since for one in accounts if one.since), default=None),
        balance=None,
        address=None,
        preferred=None,
        choices=choices,
    )


def candidates_of(records: Sequence[Profile], shared: frozenset[str]) -> dict[str, list[Candidate]]:
    """What the records of a person hold, by attribute."""
    found: dict[str, list[Candidate]] = {attribute: [] for attribute in (*OF_PERSONS, *SECRET)}
    for one in records:

        def enter(
            attribute: str,
            value: str | None,
            *,
            weak: bool = False,
            parts: int = 0,
            alike: str = "",
            record: Profile = one,
        ) -> None:
            if value:
                found[attribute].append(
                    Candidate(value, record.system, record.key, record.changed_at, weak, parts, alike)
                )

        enter("givenName", one.name.given, weak=_short(one.name.given))
        enter("familyName", one.name.family, weak=_short(one.name.family))
        enter("birthDate", one.birth_date.isoformat() if one.birth_date else None)
        own = {handle.split(" ", 1)[1] for handle in handles(one) if handle not in shared}
        for address in one.emails:
            enter("email", address, weak=address not in own)
        for number in one.phones:
            enter("phone", number, weak=number not in own)
        home = one.address
        parts = sum(map(bool, (home.line1, home.line2, home.postal_code, home.city, home.state, home.country)))
        line = written(home)
        enter("address", line, weak=home.place is None or "?" in line, parts=parts, alike=alike(home, line))
        enter("region", one.address.country)
        enter("preferredChannel", one.preferred.name if one.preferred else None)
        enter("nationalId", one.national_id)
    return found


def _short(name: str | None) -> bool:
    return name is None or "?" in name or len(name.rstrip(".")) < 2


def written(address: PostalAddress) -> str:
    """A postal address on one line."""
    town = " ".join(part for part in (address.postal_code, address.city) if part)
    return ", ".join(part for part in (address.line1, address.line2, town, address.state, address.country) if part)


@dataclass(frozen=True, slots=True)
class Trade:
    """What the orders of a customer amount to; money in hundredths of `currency`."""

    order_count: int
    lifetime_value: int | None
    currency: str | None
    discovery: str | None


def trade(orders: Sequence[OrderRecord]) -> Trade:
    """Orders that were kept, summed in the currency of most orders; other currencies are not added to it."""
    ordered = sorted(orders, key=lambda order: (order.placed_at, order.key))
    currencies = Counter(order.currency for order in ordered if order.currency)
    currency = min(currencies, key=lambda one: (-currencies[one], one), default=None)
    kept = [order.total or 0 for order in ordered if order.currency == currency and order.status not in _NOT_KEPT]
    return Trade(
        order_count=len(ordered),
        lifetime_value=sum(kept) if currency else None,
        currency=currency,
        discovery=next((order.discovery for order in ordered if order.discovery), None),
    )


def preferred_channel(answers: Sequence[tuple[datetime, ChannelKind]]) -> ChannelKind | None:
    """The channel that the customer answered or wrote on most; of equals the latest."""
    counts = Counter(channel for _, channel in answers)
    latest = {channel: at for at, channel in sorted(answers, key=lambda one: one[0])}
    return max(counts, key=lambda channel: (counts[channel], latest[channel], channel.name), default=None)
