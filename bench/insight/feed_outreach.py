"""From a resolved company to what was sent to customers, and what they decided on it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from ingest.assemble.reviews import Message
from ingest.company import Company
from ingest.records import ContactRecord, Decision
from ingest.said.finding import Kind
from ingest.standing import purpose_of, state_of
from insight.consent_history import Will, Willed
from insight.ledger import Outreach
from schema.enums import ConsentState

_WILLS = {
    ConsentState.GIVEN: Will.GRANTED,
    ConsentState.WITHDRAWN: Will.WITHDRAWN,
    ConsentState.OBJECTED: Will.WITHDRAWN,
    ConsentState.INVALIDATED: Will.WITHDRAWN,
}
_TAKEN_BACK = frozenset({Kind.WITHDRAWAL, Kind.OBJECTION})


def outreach(company: Company) -> tuple[Outreach, ...]:
    """Everything that was sent, with whose it was found to be."""
    return tuple(
        Outreach(
            one.key,
            _recipient(company, one),
            one.sent_at,
            one.channel,
            one.purpose,
            one.campaign,
        )
        for one in company.exports.of(ContactRecord)
    )


def _recipient(company: Company, one: ContactRecord) -> str | None:
    """Whose it was found to be; where nobody can be told, one address is one recipient."""
    if found := company.attribution.of("contacts", one.key):
        return found.customer
    return f"{one.channel}:{one.address}" if one.address else None


def willed(company: Company, said: Iterable[Message]) -> tuple[Willed, ...]:
    """Every decision of every customer, and what they took back in the messages in which something is found."""
    return (*_decided(company), *_said(company, said))


def perhaps(company: Company) -> dict[str, frozenset[str]]:
    """For customers those who may be the same person: what matching could not tell and a data steward has to."""
    found: dict[str, set[str]] = defaultdict(set)
    for pair in company.resolution.unsure:
        one, other = company.customers[pair.one], company.customers[pair.other]
        if one != other:
            found[one].add(other)
            found[other].add(one)
    return {customer: frozenset(others) for customer, others in found.items()}


def _decided(company: Company) -> Iterator[Willed]:
    for one in company.exports.of(Decision):
        customer, purpose = company.customers.get((one.system, one.subject)), purpose_of(one.purpose)
        if customer and purpose:
            will = _WILLS.get(state_of(one.state), Will.NONE)
            yield Willed(customer, purpose, f"{one.system}:{one.subject}", will, one.decided_at)


def _said(company: Company, said: Iterable[Message]) -> Iterator[Willed]:
    for message in said:
        writer = company.attribution.of(message.system, message.key)
        for one in message.found:
            if writer and one.kind in _TAKEN_BACK and not one.other:
                for purpose in one.purposes:
                    record = f"{message.system}:{message.key}"
                    yield Willed(writer.customer, purpose, record, Will.WITHDRAWN, message.at, in_message=True)
