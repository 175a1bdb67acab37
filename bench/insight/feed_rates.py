"""From a resolved company to what answers were tried, in which segment a customer is, and which channels she uses."""

from collections import defaultdict

from ingest.company import Company
from ingest.records import ContactRecord
from insight.answer_rates import Tried
from insight.contacts import Contact, Medium

_YEARS = 20
_AKIN = {Medium.MAIL: ("email",), Medium.CALL: ("phone",), Medium.CHAT: ("sms", "push")}
"""The channels on which we would write that are most like the one that she chose."""


def tried(company: Company) -> tuple[Tried, ...]:
    """Every contact whose customer is known. Clicks and replies are answers; that a mail was opened is none."""
    return tuple(
        Tried(found.customer, one.channel, one.sent_at, one.clicked or one.replied)
        for one in company.exports.of(ContactRecord)
        if (found := company.attribution.of("contacts", one.key))
    )


def segments(company: Company) -> dict[str, str]:
    """Customers by age, in steps of twenty years, where it is known."""
    return {
        customer: f"age {(company.now.year - golden.birth_date.year) // _YEARS * _YEARS}"
        for customer, golden in company.golden.items()
        if golden.birth_date
    }


def habits(contacts: tuple[Contact, ...]) -> dict[str, dict[str, float]]:
    """How often each customer came of her own accord, by the channels that are most like hers."""
    found: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for one in contacts:
        if one.customer and one.by_customer:
            for channel in _AKIN[one.medium]:
                found[one.customer][channel] += 1 / len(_AKIN[one.medium])
    return found
