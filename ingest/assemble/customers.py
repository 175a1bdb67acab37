"""Customers in the middle: the golden record, its provenance, handles, address, household, employer and team."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime

from ingest.assemble.commerce import CHANNELS
from ingest.assemble.service import serves
from ingest.company import Company
from ingest.directory import comparable, identities
from ingest.draft import Draft, End
from ingest.golden import SECRET, Golden, preferred_channel
from ingest.households import Resident, households
from ingest.organisations import works_today
from ingest.records import AccountContact, Assignment, ContactRecord, InvoiceRecord, PostalAddress, Profile
from ingest.resolve import handles, key_of
from ingest.touches import touches
from schema.enums import ChannelKind, CustomerKind, CustomerStatus, Direction, IdentityKind


def customers(company: Company, draft: Draft) -> dict[str, ChannelKind | None]:
    """Enter every customer with what hangs on the golden record; the preferred channel of each comes back."""
    seen = _Seen(company)
    employers = _employers(company)
    assignments = company.exports.of(Assignment)
    for customer, golden in company.golden.items():
        at_work = customer in company.companies or customer in employers or customer in company.speakers
        segment = "business" if at_work else "consumer"
        node = draft.node(
            "Customer",
            customer,
            _properties(company, customer, golden, seen) | {"segment": segment},
            # Who was restricted stays so, whatever sources say.
            {"createdAt": company.now, "status": CustomerStatus.ACTIVE},
        )
        _provenance(customer, golden, node, draft)
        for correction in company.corrections.get(customer, ()):
            draft.link("CORRECTED", node, End("Correction", f"api:{correction.id}"))
        if golden.address:
            draft.link("LIVES_AT", node, _address(golden.address, draft))
        for team in serves(assignments, golden.region, segment, company.today):
            draft.link("SERVES", End("Team", team), node)
    for customer, employer in employers.items():
        draft.link("WORKS_FOR", End("Customer", customer), End("Customer", employer))
    for customer, organisation in company.companies.items():
        above = company.customers.get(("accounts", organisation.parent or ""))
        if above and above != customer:
            draft.link("PART_OF", End("Customer", customer), End("Customer", above))
    _households(company, draft)
    _identities(company, draft)
    return {customer: golden.preferred or seen.preferred(customer) for customer, golden in company.golden.items()}


def _properties(company: Company, customer: str, golden: Golden, seen: "_Seen") -> dict[str, object]:
    trade = company.trade[customer]
    return {
        "kind": CustomerKind.ORGANISATION if customer in company.companies else CustomerKind.PERSON,
        "name": golden.name,
        "givenName": golden.given_name,
        "familyName": golden.family_name,
        "birthDate": golden.birth_date,
        "email": golden.email,
        "phone": golden.phone,
        "vatNumber": golden.vat_number,
        "nationalId": golden.national_id,
        "region": golden.region,
        "language": seen.language.get(customer),
        "customerSince": golden.customer_since,
        "preferredChannel": golden.preferred or seen.preferred(customer),
        "discovery": trade.discovery,
        "orderCount": trade.order_count,
        "lastInteractionAt": seen.latest.get(customer),
        "lifetimeValue": trade.lifetime_value,
        "balance": golden.balance,
        "currency": trade.currency or seen.currency.get(customer),
    }


class _Seen:
    """What interactions, contacts and invoices say of each customer."""

    def __init__(self, company: Company) -> None:
        self.latest: dict[str, datetime] = {}
        self.language: dict[str, str] = {}
        self.currency: dict[str, str] = {}
        self._answers: dict[str, list[tuple[datetime, ChannelKind]]] = defaultdict(list)
        for one in sorted(touches(company), key=lambda touch: (touch.at, touch.key)):
            if not (found := company.attribution.of(one.system, one.key)):
                continue
            self.latest[found.customer] = one.at
            if one.language:
                self.language[found.customer] = one.language
            if one.direction is Direction.INBOUND and one.channel not in {ChannelKind.WEB, ChannelKind.APP}:
                self._answers[found.customer].append((one.at, one.channel))
        for contact in company.exports.of(ContactRecord):
            found = company.attribution.of("contacts", contact.key)
            if found and (contact.clicked or contact.replied):
                self._answers[found.customer].append((contact.sent_at, CHANNELS[contact.channel]))
        for invoice in sorted(company.exports.of(InvoiceRecord), key=lambda one: (one.issued_on, one.key)):
            billed = company.directory.numbered(invoice.customer) if invoice.customer else frozenset()
            if len(billed) == 1:
                self.currency[next(iter(billed))] = invoice.currency

    def preferred(self, customer: str) -> ChannelKind | None:
        """The channel the customer answers on most."""
        return preferred_channel(self._answers.get(customer, []))


def _provenance(customer: str, golden: Golden, node: End, draft: Draft) -> None:
    for attribute, choice in golden.choices.items():
        for candidate in (choice.chosen, *choice.lost):
            # Of what is sealed stands where it is from, and nothing of the value: not in the key either.
            value = None if attribute in SECRET else candidate.value
            key = f"{customer}:{attribute}:{candidate.system}:{candidate.record}:{value or ''}"
            proof = draft.node(
                "AttributeProvenance",
                key,
                {
                    "attribute": attribute,
                    "value": value,
                    "system": candidate.system,
                    "recordId": candidate.record,
                    "rule": choice.rule,
                    "chosen": candidate is choice.chosen,
                    "observedAt": candidate.observed_at,
                },
            )
            draft.link("PROVEN_BY", node, proof)


def _address(address: PostalAddress, draft: Draft) -> End:
    unit = (address.line2 or "").casefold()
    key = (
        f"{address.place}|{unit}"
        if address.place
        else "|".join((address.line1 or "", address.city or "", address.country or ""))
    )
    return draft.node(
        "Address",
        key,
        {
            "line1": address.line1,
            "line2": address.line2,
            "postalCode": address.postal_code,
            "city": address.city,
            "state": address.state,
            "country": address.country,
        },
    )


def _employers(company: Company) -> dict[str, str]:
    """For each person the company she speaks for today: of several roles the latest."""
    found: dict[str, str] = {}
    for one in sorted(company.exports.of(AccountContact), key=lambda role: (str(role.since or ""), role.key)):
        person = company.customers.get((one.contact_system, one.contact or ""))
        if person is None and one.email:
            users = company.directory.users(IdentityKind.EMAIL, one.email)
            person = next(iter(users)) if len(users) == 1 else None
        employer = company.customers.get(("accounts", one.account))
        if person and employer and works_today(one, company.today):
            found[person] = employer
    return found


def _households(company: Company, draft: Draft) -> None:
    residents = (
        Resident(customer, golden.family_name, golden.address.place if golden.address else None)
        for customer, golden in company.golden.items()
    )
    for key, members in households(residents).items():
        node = draft.node("Household", key, {"size": len(members)}, {"createdAt": company.now})
        for member in members:
            draft.link("MEMBER_OF", End("Customer", member), node)


_FROM_EVENTS = (IdentityKind.USER_ID, IdentityKind.DEVICE, IdentityKind.SOCIAL_HANDLE)


def _identities(company: Company, draft: Draft) -> None:
    uses: dict[tuple[str, str], dict[str, object]] = {}
    systems: dict[tuple[str, str], set[str]] = defaultdict(set)
    for records in company.people.values():
        for one in records:
            for kind, value, blocked in _named(one, company):
                node = _identity(kind, value, blocked, company, draft)
                at = (company.customers[key_of(one)], node.key)
                systems[at].add(one.system)
                uses.setdefault(at, {"since": one.since, "verified": False})
    for customer, organisation in company.companies.items():
        for account in organisation.accounts:
            node = _identity(IdentityKind.ACCOUNT_ID, account.key, False, company, draft)
            systems[customer, node.key].add("accounts")
            uses.setdefault((customer, node.key), {"since": account.since, "verified": False})
    for kind in _FROM_EVENTS:
        for value, users in company.directory.handles(kind):
            node = _identity(kind, value, len(users) > 1, company, draft)
            for customer in users:
                systems[customer, node.key].add("social" if kind is IdentityKind.SOCIAL_HANDLE else "events")
                # A sign-in proves the account; a device or a handle proves nothing.
                uses.setdefault((customer, node.key), {"since": None, "verified": kind is IdentityKind.USER_ID})
    for (customer, key), properties in uses.items():
        sources = {"sources": sorted(systems[customer, key])}
        draft.link("HAS_IDENTITY", End("Customer", customer), End("Identity", key), properties | sources)


def _named(one: Profile, company: Company) -> Iterator[tuple[IdentityKind, str, bool]]:
    shared = {handle.split(" ", 1)[1] for handle in handles(one) if handle in company.resolution.shared}
    for kind, value in identities(one):
        yield kind, value, comparable(kind, value) in shared


def _identity(kind: IdentityKind, value: str, blocked: bool, company: Company, draft: Draft) -> End:
    normalized = value.casefold() if kind is IdentityKind.EMAIL else comparable(kind, value)
    return draft.node(
        "Identity",
        f"{kind.name}:{normalized}",
        {"kind": kind, "value": value, "normalized": normalized, "blocked": blocked},
        {"createdAt": company.now},
    )
