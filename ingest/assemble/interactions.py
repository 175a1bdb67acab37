"""Interactions as nodes: with whom, by which channel, about what, handled by whom, in answer to what."""

import re
from collections.abc import Iterator, Mapping

from ingest.assemble.channels import Channels
from ingest.attribution import cases_named, orders_named, products_named
from ingest.company import Company
from ingest.draft import Draft, End
from ingest.records import Agent, ProductRecord
from ingest.redact import name_words
from ingest.touches import Touch, touches


def interactions(company: Company, draft: Draft, channels: Channels) -> None:
    """Enter every interaction. Without a customer it has no edge to one until its person appears."""
    agents = names_of_agents(company)
    products = ProductNames(company)
    for one in touches(company):
        found = company.attribution.of(one.system, one.key)
        known = names_in(one, company, agents)
        node = draft.node("Interaction", f"{one.system}:{one.key}", _properties(one, company, known))
        if found:
            draft.link("HAD", End("Customer", found.customer), node)
            draft.link(
                "VIA",
                node,
                channels.used(found.customer, one.channel, one.address, company.systems[one.system, one.key]),
            )
        if one.agent and draft.has("Employee", f"agents:{one.agent}"):
            draft.link("HANDLED_BY", node, End("Employee", f"agents:{one.agent}"))
        for about in _about(one, products):
            if draft.has(about.label, about.key):
                draft.link("ABOUT", node, about)
    for one in touches(company):
        if one.reply_to and draft.has("Interaction", f"{one.system}:{one.reply_to}"):
            own, other = f"{one.system}:{one.key}", f"{one.system}:{one.reply_to}"
            draft.link("REPLIES_TO", End("Interaction", own), End("Interaction", other))


def _properties(one: Touch, company: Company, known: frozenset[str]) -> dict[str, object]:
    return {
        "kind": one.kind,
        "direction": one.direction,
        "occurredAt": one.at,
        "stage": company.exports.journey.of("interaction", kind=one.kind.name, name=one.name),
        "subject": one.subject,
        "text": one.text,
        "subjectRedacted": company.redactor(one.subject, known),
        "textRedacted": redacted(one, company, known),
        "outcome": one.outcome,
        "sentiment": None,
        "satisfaction": one.satisfaction,
        "language": one.language,
        "durationSeconds": one.duration_seconds,
        "waitedSeconds": one.waited_seconds,
        "queue": one.queue,
        "name": one.name,
        "tags": one.tags,
        "speakers": one.speakers,
        "source": company.systems[one.system, one.key],
    }


def names_of_agents(company: Company) -> Mapping[str, frozenset[str]]:
    """The words that name each employee, by key."""
    return {agent.key: frozenset(name_words([agent.name])) for agent in company.exports.of(Agent)}


def names_in(one: Touch, company: Company, agents: Mapping[str, frozenset[str]]) -> frozenset[str]:
    """The words that name the people of an interaction: who wrote or spoke, and who dealt with it."""
    found = company.attribution.of(one.system, one.key)
    own = company.name_words.get(found.customer, frozenset()) if found else frozenset()
    return frozenset(name_words(one.names)) | agents.get(one.agent or "", frozenset()) | own


def redacted(one: Touch, company: Company, known: frozenset[str]) -> str | None:
    """What was said, with identifiers taken out; of a chat line by line, so that its speakers stay theirs."""
    if not one.speakers or not one.text:
        return company.redactor(one.text, known)
    return "\n".join(company.redactor(line, known) or "" for line in one.text.split("\n"))


class ProductNames:
    """Finds the products that a text names in full."""

    def __init__(self, company: Company) -> None:
        self._numbers = {one.name.casefold(): one.key for one in company.exports.of(ProductRecord)}
        # The longest first: "Barista 400 »Pro«" is not "Barista 400".
        longest = sorted(self._numbers, key=len, reverse=True)
        self._pattern = re.compile("|".join(map(re.escape, longest)), re.IGNORECASE) if longest else None

    def __call__(self, text: str) -> Iterator[str]:
        """The article numbers of the products."""
        if self._pattern:
            yield from dict.fromkeys(self._numbers[found[0].casefold()] for found in self._pattern.finditer(text))


def _about(one: Touch, products: ProductNames) -> Iterator[End]:
    text = f"{one.subject or ''}\n{one.text or ''}"
    yield from (End("Case", f"cases:{number}") for number in cases_named(text))
    orders = dict.fromkeys((*([one.order] if one.order else []), *orders_named(text)))
    yield from (End("Order", f"orders:{number}") for number in orders)
    skus = dict.fromkeys((*([one.product] if one.product else []), *products_named(text), *products(text)))
    yield from (End("Product", f"products:{sku}") for sku in skus)
    yield from (End("Topic", tag) for tag in one.tags)
