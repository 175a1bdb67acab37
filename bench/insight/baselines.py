"""Simple ways of finding the same, each of a few lines: what the insights have to be better than."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace

from bench.insight.feed import contacts, service_cases
from bench.insight.feed_outreach import outreach, willed
from bench.insight.feed_rates import tried
from bench.insight.feed_supply import purchases
from bench.insight.feed_texts import titled, told
from bench.insight.found import PROFILES, Row, figures
from ingest.company import Company
from ingest.normalise import folded
from ingest.records import Account, ContactRecord
from insight.ledger import violations
from insight.links import shown_links
from insight.suppliers import GRACE
from insight.themes.words import words

_OFTEN = 0.05
_LATE = 0.2


def baselines(company: Company) -> dict[str, dict[str, list[Row]]]:
    """Rows by the name of the file and of the simple way."""
    talks, cases = contacts(company), service_cases(company)
    shown = shown_links(talks, cases)
    return {
        "themes": {"the commonest of the rarer words": _keywords(company)},
        "links": {"shown links alone": [(one.case, *one.contact) for one in shown]},
        "metrics": {"shown links alone": figures(talks, cases, shown)},
        "channels": {"always e-mail": _always_mail(company), "most used": _most_used(company)},
        "violations": {"each list record a person": _by_record(company)},
        "suppliers": {"late in a fifth of all": _late_altogether(company)},
        "organisations": {"the same name": _same_name(company)},
    }


def _keywords(company: Company) -> list[Row]:
    """Each text goes to the commonest of its words that stand in no more than a twentieth of all texts."""
    talks = contacts(company)
    texts = {one.key: words(one.text) for one in told(company, talks)}
    texts |= {("cases", one.key): words(one.subject) for one in titled(company, service_cases(company))}
    seen = Counter(word for counted in texts.values() for word in counted)
    rare = {word for word, count in seen.items() if count <= _OFTEN * len(texts)}
    return [
        (*key, max((word for word in counted if word in rare), key=lambda word: (seen[word], word), default=""))
        for key, counted in sorted(texts.items())
    ]


def _always_mail(company: Company) -> list[Row]:
    return [(*key, "email") for key in sorted(company.customers) if key[0] in PROFILES]


def _most_used(company: Company) -> list[Row]:
    used: dict[str, Counter[str]] = defaultdict(Counter)
    for one in tried(company):
        used[one.customer][one.channel] += 1
    most = {customer: max(counted, key=lambda name: (counted[name], name)) for customer, counted in used.items()}
    return [
        (*key, most.get(customer, "email")) for key, customer in sorted(company.customers.items()) if key[0] in PROFILES
    ]


def _by_record(company: Company) -> list[Row]:
    """The same rules where nobody knows which records are one person."""
    records = {one.key: f"{one.list_system}:{one.list_record}" for one in company.exports.of(ContactRecord)}
    sent = [replace(one, customer=records[one.key]) for one in outreach(company)]
    decided = [replace(one, customer=one.record) for one in willed(company, ())]
    return [(one.contact, one.breach.value) for one in violations(sent, decided)]


def _late_altogether(company: Company) -> list[Row]:
    late: dict[str, list[bool]] = defaultdict(list)
    for one in purchases(company.exports):
        if one.received_on:
            late[one.supplier].append(one.received_on - one.promised_on > GRACE)
    return [(supplier,) for supplier, found in sorted(late.items()) if sum(found) >= _LATE * len(found)]


def _same_name(company: Company) -> list[Row]:
    first: dict[str, str] = {}
    accounts: Sequence[Account] = sorted(company.exports.of(Account), key=lambda one: one.key)
    own = {one.key: first.setdefault(f"{one.country} {folded(one.name)}", one.key) for one in accounts}
    return [(one.key, own[one.key], own.get(one.parent or "", own[one.key])) for one in accounts]
