"""Everything that the insights find in a resolved company, as rows of the files that are compared with answers."""

import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, field

from bench.insight.feed import contacts, service_cases
from bench.insight.feed_outreach import outreach, perhaps, willed
from bench.insight.feed_rates import habits, segments, tried
from bench.insight.feed_supply import parcels, purchases
from bench.insight.feed_texts import titled, told
from ingest.assemble.reviews import messages
from ingest.company import Company
from ingest.placement import placements
from insight.answer_rates import fitted, foretold, learned
from insight.contacts import Contact, Key, ServiceCase
from insight.groups import tops
from insight.ledger import violations
from insight.links import Link, case_links, shown_links
from insight.reliability import Reliability, reliability
from insight.service import FORMULAS, handled, service_figures
from insight.suppliers import LatePeriod, late_suppliers
from insight.themes.bundles import Told
from insight.themes.grouping import Grouping, grouped
from insight.themes.themes import Nature, Theme, themes

Row = tuple[str, ...]
PROFILES = frozenset({"billing", "shipping", "crm"})


@dataclass(slots=True)
class Insights:
    """Rows by the name of their file, what else is told, and how many seconds each part took."""

    rows: dict[str, list[Row]] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    themes: Sequence[Theme] = ()
    late: Sequence[LatePeriod] = ()
    reliability: Reliability | None = None


HEADERS: dict[str, Row] = {
    "predicted": ("source", "record_id", "customer_id"),
    "themes": ("source", "record_id", "theme"),
    "channels": ("source", "record_id", "channel"),
    "links": ("case_id", "source", "record_id"),
    "metrics": ("team", "month", "metric", "value"),
    "withdrawals": ("source", "record_id", "kind"),
    "violations": ("contact_id", "kind"),
    "suppliers": ("supplier",),
    "organisations": ("account_id", "organisation_id", "group_id"),
}


def insights(company: Company) -> Insights:
    """Find everything."""
    result = Insights()
    said = tuple(messages(company))
    talks, cases = contacts(company), service_cases(company)

    def timed(name: str, find: Callable[[], list[Row]]) -> None:
        started = time.monotonic()
        result.rows[name] = find()
        result.seconds[name] = time.monotonic() - started

    links: list[Link] = []
    timed("themes", lambda: _themes(company, talks, cases, links, {(one.system, one.key) for one in said}, result))
    timed("predicted", lambda: [(one.source, one.record, one.customer or "") for one in placements(company)])
    timed("links", lambda: [(one.case, *one.contact) for one in links])
    timed("metrics", lambda: figures(talks, cases, links))
    timed("channels", lambda: _channels(company, talks, result))
    timed("withdrawals", lambda: sorted({(one.system, one.key, each.kind.value) for one in said for each in one.found}))
    timed(
        "violations",
        lambda: [
            (one.contact, one.breach.value)
            for one in violations(outreach(company), willed(company, said), perhaps=perhaps(company))
            if not one.doubtful
        ],
    )
    timed("suppliers", lambda: _suppliers(company, result))
    timed("organisations", lambda: _organisations(company))
    return result


def _themes(
    company: Company,
    talks: Sequence[Contact],
    cases: Sequence[ServiceCase],
    links: list[Link],
    willed_in: Set[Key],
    result: Insights,
) -> list[Row]:
    """Shown links make groups, groups find hidden links, and all links make the groups that count."""
    texts, headed = told(company, talks), titled(company, cases)
    titles = {("cases", case.key): case.subject for case in headed}
    first = grouping(texts, titles, shown_links(talks, cases))
    links.extend(case_links(talks, cases, first.alone))
    groups = grouping(texts, titles, links)
    owners = {one.key: one.customer for one in talks if one.customer}
    result.themes = themes(texts, headed, groups, company.now, willed_in, owners)
    issues = {theme.key for theme in result.themes if theme.nature is Nature.ISSUE}
    keys = sorted([*(one.key for one in talks), *titles])
    return [(*key, group if (group := groups.of.get(key, "")) in issues else "") for key in keys]


def grouping(texts: Sequence[Told], titles: Mapping[Key, str], links: Sequence[Link]) -> Grouping:
    """Group with links as they were found."""
    return grouped(texts, titles, ((("cases", one.case), one.contact) for one in links))


def figures(talks: Sequence[Contact], cases: Sequence[ServiceCase], links: Sequence[Link]) -> list[Row]:
    """The service figures of every team and month."""
    own = {one.key for one in talks if one.by_customer}
    counted = Counter(one.case for one in links if one.contact in own)
    return [
        (one.team, one.month, name, "" if (value := getattr(one, name)) is None else f"{value:.6f}")
        for one in service_figures(handled(cases, counted))
        for name in FORMULAS
    ]


def _channels(company: Company, talks: Sequence[Contact], result: Insights) -> list[Row]:
    contacts_tried = tried(company)
    if not contacts_tried:
        return []
    settings = fitted(contacts_tried)
    rates = learned(contacts_tried, company.now, settings, segments(company), habits(tuple(talks)))
    in_time = sorted(contacts_tried, key=lambda one: (one.at, one.customer, one.channel))
    result.reliability = reliability(foretold(in_time, settings))
    best = {
        customer: max(rates.channels, key=lambda channel: (rates.of(customer, channel).mean, channel))
        for customer in sorted(set(company.customers.values()))
    }
    return [(*key, best[customer]) for key, customer in sorted(company.customers.items()) if key[0] in PROFILES]


def _suppliers(company: Company, result: Insights) -> list[Row]:
    result.late = late_suppliers(purchases(company.exports), parcels(company.exports), company.today)
    return [(one.supplier,) for one in result.late]


def _organisations(company: Company) -> list[Row]:
    parents = {one.accounts[0].key: one.parent for one in company.organisations}
    top = tops(parents)
    return [
        (account.key, one.accounts[0].key, top[one.accounts[0].key])
        for one in company.organisations
        for account in one.accounts
    ]
