"""What customers say of their own accord: a task for a person, and a block that counts until she has decided."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from ingest.attribution import inbound, spoken
from ingest.company import Company
from ingest.draft import Draft, End
from ingest.records import Call, Chat, Decision, Mail
from ingest.redact import name_words
from ingest.said.find import findings
from ingest.said.finding import Finding
from ingest.standing import Decided, block, found_on, purpose_of
from schema.enums import ReviewKind, ReviewState
from schema.purposes import PURPOSES

METHOD = "found in a message"
"""The method of a decision that no person has read yet."""


@dataclass(frozen=True, slots=True)
class Message:
    """What a customer wrote or said, by the key of its record, and what was found in it."""

    system: str
    key: str
    at: datetime
    found: tuple[Finding, ...]


def reviews(company: Company, draft: Draft) -> dict[str, list[Decided]]:
    """Enter a task for each finding, and what it blocks; the blocks come back by customer.

    What concerns someone whom nobody can tell is a task without a customer, and blocks nobody.
    """
    blocked: dict[str, list[Decided]] = defaultdict(list)
    latest, neighbours = _latest(company), _Neighbours(company)
    for message in messages(company):
        writer = company.attribution.of(message.system, message.key)
        for one in message.found:
            about = None
            if writer is not None:
                about = neighbours.named(writer.customer, one.name) if one.other else writer.customer
            purposes = [each for each in one.purposes if not _is_answered(latest, about, each, message.at)]
            if one.purposes and not purposes:
                continue
            key = f"{message.system}:{message.key}:{one.kind.value}{':other' if one.other else ''}"
            _enter(company, draft, key, message, one, purposes, about, blocked)
    return blocked


def _enter(
    company: Company,
    draft: Draft,
    key: str,
    message: Message,
    one: Finding,
    purposes: Sequence[str],
    about: str | None,
    blocked: Mapping[str, list[Decided]],
) -> None:
    known = company.name_words.get(about or "", frozenset()) | frozenset(name_words([one.name]))
    task = draft.node(
        "ReviewTask",
        key,
        {
            "kind": ReviewKind[one.kind.name],
            "purposes": purposes,
            "aboutAnother": one.other,
            "saidAt": message.at,
            "quote": one.span,
            "quoteRedacted": company.redactor(one.span, known),
            "confidence": one.confidence,
        },
        {"state": ReviewState.OPEN, "foundAt": company.now},
    )
    draft.link("FOUND_IN", task, End("Interaction", f"{message.system}:{message.key}"))
    if about is None:
        return
    draft.link("ASKS_ABOUT", task, End("Customer", about))
    for name in purposes:
        purpose = PURPOSES[name]
        state = block(purpose)
        consent = draft.node(
            "Consent",
            f"{found_on(key)}:{name}",
            {
                "purpose": name,
                "legalBasis": purpose.basis,
                "state": state,
                "capturedAt": message.at,
                "expiresAt": None,
                "noticeVersion": None,
                "method": METHOD,
                "source": company.systems[message.system, message.key],
                "onRecord": found_on(key),
            },
        )
        draft.link("GAVE", End("Customer", about), consent)
        blocked[about].append(Decided(found_on(key), name, state, message.at))


def messages(company: Company) -> Iterator[Message]:
    """Mails from outside, notes of calls, and what visitors said in chats, each in which something is found."""
    for mail in company.exports.of(Mail):
        if inbound(mail, company.directory) and (found := findings(mail.text, subject=mail.subject)):
            yield Message("mail", mail.key, mail.sent_at, found)
    for call in company.exports.of(Call):
        if found := findings(call.notes, noted=True):
            yield Message("calls", call.key, call.started_at, found)
    for chat in company.exports.of(Chat):
        if found := findings(spoken(chat, visitor_only=True), language=chat.language):
            yield Message("chats", chat.key, chat.started_at, found)


def _latest(company: Company) -> dict[tuple[str, str], datetime]:
    """When each customer last decided on each purpose herself."""
    found: dict[tuple[str, str], datetime] = {}

    def note(customer: str | None, purpose: str | None, at: datetime) -> None:
        if customer and purpose:
            found[customer, purpose] = max(at, found.get((customer, purpose), at))

    for one in company.exports.of(Decision):
        note(company.customers.get((one.system, one.subject)), purpose_of(one.purpose), one.decided_at)
    for customer, decisions in company.decided.items():
        for each in decisions:
            if not (each.is_found or each.void):
                note(customer, each.purpose, each.captured_at)
    return found


def _is_answered(
    latest: Mapping[tuple[str, str], datetime], customer: str | None, purpose: str, said_at: datetime
) -> bool:
    """Whether the customer decided on the purpose after she said it."""
    return customer is not None and (at := latest.get((customer, purpose))) is not None and at > said_at


class _Neighbours:
    """Finds the one customer of a name who lives where another lives."""

    def __init__(self, company: Company) -> None:
        self._company = company
        self._at: dict[str, set[str]] | None = None

    def named(self, customer: str, name: str | None) -> str | None:
        """The customer of that name at the same address; None where there is none, or several."""
        words = frozenset(name_words([name]))
        golden = self._company.golden
        own = golden[customer].address if customer in golden else None
        if not words or own is None or own.place is None:
            return None
        if self._at is None:
            self._at = defaultdict(set)
            for key, one in golden.items():
                if one.address and one.address.place:
                    self._at[one.address.place].add(key)
        fitting = [
            key for key in self._at[own.place] if key != customer and words <= self._company.name_words.get(key, set())
        ]
        return fitting[0] if len(fitting) == 1 else None
