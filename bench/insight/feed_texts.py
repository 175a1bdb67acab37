"""From contacts and cases to the texts in which themes are found, with what identifies people taken out."""

import re
from collections.abc import Sequence
from dataclasses import replace

from ingest.company import Company
from ingest.records import ProductRecord
from insight.contacts import Contact, ServiceCase
from insight.themes.bundles import Told


def told(company: Company, contacts: Sequence[Contact]) -> tuple[Told, ...]:
    """The texts of contacts, redacted and without the names of products: an issue is no product's."""
    products = _products(company)
    return tuple(
        Told(
            one.key,
            one.at,
            products.sub(" ", company.redactor(one.text, _known(company, one)) or ""),
            not one.by_customer,
            one.thread,
        )
        for one in contacts
    )


def titled(company: Company, cases: Sequence[ServiceCase]) -> tuple[ServiceCase, ...]:
    """Cases with redacted titles."""
    products = _products(company)
    return tuple(
        replace(one, subject=products.sub(" ", company.redactor(one.subject, one.names) or "")) for one in cases
    )


def _known(company: Company, contact: Contact) -> frozenset[str]:
    return company.name_words.get(contact.customer or "", frozenset()) | contact.names


def _products(company: Company) -> re.Pattern[str]:
    names = sorted({one.name for one in company.exports.of(ProductRecord)}, key=lambda name: (-len(name), name))
    return re.compile("|".join(map(re.escape, names)) or r"(?!)", re.IGNORECASE)
