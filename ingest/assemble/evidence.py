"""The silos and every row of theirs, whole; each linked to the customer it is about or to the node it made."""

from collections import Counter
from collections.abc import Mapping

import orjson

from ingest.company import Company
from ingest.draft import Draft, End
from ingest.homes import home_of, kind_of
from ingest.kept import first_for, kept
from ingest.records import AccountContact, Decision, Profile, Record
from ingest.resolve import Key
from ingest.rows import Read
from schema.enums import ResolutionState

# The label that a record at home here makes; the others make none, or a customer.
MADE: Mapping[str, str] = {
    "orders": "Order",
    "invoices": "Invoice",
    "shipments": "Shipment",
    "cases": "Case",
    "mail": "Interaction",
    "calls": "Interaction",
    "chats": "Interaction",
    "events": "Interaction",
    "social": "Interaction",
    "contacts": "Outreach",
    "consents": "Consent",
    "products": "Product",
    "procurement": "PurchaseOrder",
    "campaigns": "Campaign",
    "agents": "Employee",
}
_OF_PEOPLE = frozenset({"orders", "cases", "mail", "calls", "chats", "events", "social", "contacts"})


def evidence(company: Company, draft: Draft) -> None:
    """Enter SourceSystem and SourceRecord nodes. A row that came twice has two records of one made node."""
    methods = _methods(company)
    seen: Counter[str] = Counter()
    for source in company.exports.sources:
        told = {
            "name": source.system,
            "about": source.about,
            "takes": source.takes,
            "firstFor": first_for(company.exports, source.system),
        }
        draft.node("SourceSystem", source.system, told, {"loadedAt": company.now})
    for read in company.exports.reads:
        system, home, key = read.source.system, home_of(read.record), read.record.key
        place = source_record(system, read.record)
        seen[place] += 1
        again = f"#{seen[place]}" if seen[place] > 1 else ""
        state, method = _became(company, read, methods)
        agreed = methods.get((home, key), ("", ()))[1]
        record = draft.node(
            "SourceRecord",
            f"{place}{again}",
            {
                "system": system,
                "kind": kind_of(read.record),
                "recordId": key,
                "payload": orjson.dumps(read.row.payload).decode(),
                "kept": kept(read.record),
                "resolution": state,
                "method": method,
                "evidence": agreed,
            },
            {"loadedAt": company.now},
        )
        draft.link("FROM", record, End("SourceSystem", system))
        if customer := company.customers.get((home, key)) if home not in MADE else None:
            draft.link(
                "RESOLVES_TO",
                record,
                End("Customer", customer),
                {"method": method, "evidence": agreed},
                {"at": company.now},
            )
        elif home in MADE and draft.has(MADE[home], f"{home}:{key}"):
            draft.link("RECORDS", record, End(MADE[home], f"{home}:{key}"))


def source_record(system: str, record: Record) -> str:
    """The key of the SourceRecord of a row that a system delivered."""
    home = home_of(record)
    return f"{system}:{record.key}" if home == system else f"{system}/{home}:{record.key}"


def _became(
    company: Company, read: Read, methods: Mapping[Key, tuple[str, tuple[str, ...]]]
) -> tuple[ResolutionState, str | None]:
    home = home_of(read.record)
    key: Key = (home, read.record.key)
    match read.record:
        case Profile():
            review = key in company.resolution.review
            return ResolutionState.REVIEW if review else ResolutionState.RESOLVED, methods.get(key, ("alone", ()))[0]
        case Decision(system=system, subject=subject):
            known = (system, subject) in company.customers
            return (ResolutionState.RESOLVED, "record") if known else (ResolutionState.UNATTRIBUTED, None)
        case AccountContact(contact=contact, contact_system=system):
            known = (system, contact or "") in company.customers
            return (ResolutionState.RESOLVED, "record") if known else (ResolutionState.UNATTRIBUTED, None)
    if home not in _OF_PEOPLE:
        return ResolutionState.RESOLVED, None
    found = company.attribution.of(*key)
    return (ResolutionState.RESOLVED, found.method) if found else (ResolutionState.UNATTRIBUTED, None)


def _methods(company: Company) -> dict[Key, tuple[str, tuple[str, ...]]]:
    """The strongest rule that joined each record to another, and what agreed."""
    found: dict[Key, tuple[str, tuple[str, ...]]] = {}
    for link in sorted(company.resolution.links, key=lambda one: (one.rule, one.one, one.other)):
        for key in (link.one, link.other):
            found.setdefault(key, (link.rule.method, link.evidence))
    for one in company.organisations:
        for account in one.accounts:
            found["accounts", account.key] = ("company_name_or_vat" if len(one.accounts) > 1 else "alone", ())
    return found
