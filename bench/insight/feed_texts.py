"""From contacts and cases to the texts in which themes are found, with what identifies people taken out.

They are redacted as ingest redacts what it brings into the graph, so that there the same is found.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from ingest.assemble.interactions import names_in, names_of_agents, redacted
from ingest.company import Company
from ingest.records import ProductRecord
from ingest.touches import CUSTOMER, Touch, touches
from insight.contacts import Contact, ServiceCase
from insight.themes.bundles import Told

_SILOS = frozenset({"mail", "calls", "chats"})


def told(company: Company, contacts: Sequence[Contact]) -> tuple[Told, ...]:
    """The texts of contacts, redacted and without the names of products: an issue is no product's."""
    products, agents = _products(company), names_of_agents(company)
    said = {
        (one.system, one.key): _said(one, company, names_in(one, company, agents))
        for one in touches(company)
        if one.system in _SILOS
    }
    return tuple(
        Told(one.key, one.at, products.sub(" ", said[one.key]), not one.by_customer, one.thread) for one in contacts
    )


def titled(company: Company, cases: Sequence[ServiceCase]) -> tuple[ServiceCase, ...]:
    """Cases with redacted titles."""
    products, agents = _products(company), names_of_agents(company)
    return tuple(
        replace(
            one,
            subject=products.sub(
                " ", company.redactor(one.subject, one.names | agents.get(one.agent or "", frozenset())) or ""
            ),
        )
        for one in cases
    )


def _said(one: Touch, company: Company, known: frozenset[str]) -> str:
    """The subject, and what was said: of a chat by the visitor."""
    text = redacted(one, company, known) or ""
    if one.speakers:
        lines = zip(text.split("\n"), one.speakers, strict=False)
        text = "\n".join(line for line, speaker in lines if speaker == CUSTOMER)
    return f"{company.redactor(one.subject, known) or ''}\n{text}"


def _products(company: Company) -> re.Pattern[str]:
    names = sorted({one.name for one in company.exports.of(ProductRecord)}, key=lambda name: (-len(name), name))
    return re.compile("|".join(map(re.escape, names)) or r"(?!)", re.IGNORECASE)
