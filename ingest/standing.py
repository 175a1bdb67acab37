"""What decisions amount to: for each purpose whether it is lawful now, on which basis, and until when."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, overload

from schema.enums import ConsentState
from schema.purposes import PURPOSES, LegalBasis, Purpose

_REFUSALS = frozenset({ConsentState.REFUSED, ConsentState.WITHDRAWN, ConsentState.OBJECTED, ConsentState.INVALIDATED})
_MAY_BE_OBJECTED_TO = frozenset({LegalBasis.CONTRACT, LegalBasis.LEGITIMATE_INTEREST})
FOUND = "review:"
"""How the records begin on which counts what was found in messages."""
# Among decisions of one moment the strictest counts.
_STRICTNESS = {
    ConsentState.GIVEN: 0,
    ConsentState.UNKNOWN: 1,
    ConsentState.REQUESTED: 2,
    ConsentState.EXPIRED: 3,
    ConsentState.REFUSED: 4,
    ConsentState.INVALIDATED: 5,
    ConsentState.WITHDRAWN: 6,
    ConsentState.OBJECTED: 7,
}


@dataclass(frozen=True, slots=True)
class Decided:
    """One decision. `record` is the source record on which it was taken.

    What was found in a message counts on a record of its own (`found_on`) until a person settled it: then a decision on
    that record is `void`, and what she decided stands on other records.
    """

    record: str
    purpose: str
    state: ConsentState
    captured_at: datetime
    expires_at: datetime | None = None
    void: bool = False
    most_per_month: int | None = None

    @property
    def is_found(self) -> bool:
        """Whether it was found in a message and no person has read it yet."""
        return self.record.startswith(FOUND)


@dataclass(frozen=True, slots=True)
class Stands:
    """What the decisions on one purpose amount to."""

    purpose: str
    lawful: bool
    basis: LegalBasis | None
    until: datetime | None
    most_per_month: int | None = None


def standings(decisions: Iterable[Decided], now: datetime) -> tuple[Stands, ...]:
    """One standing for each purpose there is, whatever was decided.

    The latest decision on each record counts, and of those the strictest (the company's rule for records that were
    found to be one person). A purpose that rests on consent is lawful only where someone said yes and no record says
    otherwise (GDPR art. 7); one on contract or legitimate interest unless it was refused or objected to (art. 21); one
    on a legal obligation always. What was found in a message counts like a decision, until a person settled it or the
    customer decided later.
    """
    latest = _latest(decisions)
    return tuple(_standing(purpose, latest.get(purpose.name, ()), now) for purpose in PURPOSES.values())


def decided_here(rows: Iterable[Mapping[str, Any]]) -> Iterator[Decided]:
    """Decisions as the graph holds them. One that stands for several records counts on each of them."""
    for row in rows:
        purpose, state, captured = row["purpose"], ConsentState[row["state"]], _moment(row["captured"])
        settles = row.get("settles")
        if settles:
            yield Decided(settles, purpose, state, captured, void=True)
        for record in row["records"]:
            if record != settles:
                yield Decided(record, purpose, state, captured, _moment(row["expires"]), most_per_month=row.get("most"))


def latest_state(rows: Sequence[Mapping[str, Any]], now: datetime) -> ConsentState:
    """What a customer decided last on the purpose of which these are the decisions; UNKNOWN where she never did.

    What was found in a message is no decision of hers, and what another system asked her to confirm is not to be
    confirmed here.
    """
    found = [
        Decided("", row["purpose"], ConsentState[row["state"]], _moment(row["captured"]), _moment(row["expires"]))
        for row in rows
        if not row["settles"]
        if not any(record.startswith(FOUND) for record in row["records"])
        if row["state"] != ConsentState.REQUESTED.name or row["confirmable"]
    ]
    return _state(max(found, key=_order), now) if found else ConsentState.UNKNOWN


def found_on(task: str) -> str:
    """The record on which a finding counts, by the key of its task."""
    return f"{FOUND}{task}"


def block(purpose: Purpose) -> ConsentState:
    """The state that makes a purpose unlawful and claims no more: what she wants is not known before someone reads it.

    A purpose that rests on something else than consent is blocked by nothing less than an objection.
    """
    return ConsentState.UNKNOWN if purpose.basis is LegalBasis.CONSENT else ConsentState.OBJECTED


@overload
def _moment(millis: int) -> datetime: ...
@overload
def _moment(millis: None) -> None: ...
def _moment(millis: int | None) -> datetime | None:
    return None if millis is None else datetime.fromtimestamp(millis / 1000, UTC)


def _latest(decisions: Iterable[Decided]) -> dict[str, tuple[Decided, ...]]:
    newest: dict[tuple[str, str], Decided] = {}
    told: dict[str, datetime] = {}
    every = tuple(decisions)
    settled = {(one.purpose, one.record) for one in every if one.void}
    for one in every:
        if (one.purpose, one.record) in settled:
            continue
        if not one.is_found:
            told[one.purpose] = max(one.captured_at, told.get(one.purpose, one.captured_at))
        held = newest.get((one.purpose, one.record))
        if held is None or _order(one) > _order(held):
            newest[one.purpose, one.record] = one
    found: dict[str, list[Decided]] = defaultdict(list)
    for one in newest.values():
        # What she decided after the message is newer than what the message says.
        if not (one.is_found and one.purpose in told and told[one.purpose] > one.captured_at):
            found[one.purpose].append(one)
    return {purpose: tuple(ones) for purpose, ones in found.items()}


def _order(decision: Decided) -> tuple[datetime, int]:
    return decision.captured_at, _STRICTNESS[decision.state]


def _standing(purpose: Purpose, latest: Sequence[Decided], now: datetime) -> Stands:
    states = [_state(one, now) for one in latest]
    if purpose.basis is LegalBasis.CONSENT:
        lawful = bool(states) and all(state is ConsentState.GIVEN for state in states)
    elif purpose.basis in _MAY_BE_OBJECTED_TO:
        lawful = not any(state in _REFUSALS for state in states)
    else:
        lawful = True
    mosts = [one.most_per_month for one in latest if one.most_per_month is not None]
    ends = [one.expires_at for one in latest if one.expires_at] if purpose.basis is LegalBasis.CONSENT else []
    return Stands(
        purpose=purpose.name,
        lawful=lawful,
        basis=purpose.basis if lawful else None,
        until=min(ends) if lawful and ends else None,
        most_per_month=min(mosts) if lawful and mosts else None,
    )


def _state(decision: Decided, now: datetime) -> ConsentState:
    expired = decision.expires_at is not None and decision.expires_at <= now
    lapses = decision.state in (ConsentState.GIVEN, ConsentState.REQUESTED)
    return ConsentState.EXPIRED if expired and lapses else decision.state


_STATES = {
    "granted": ConsentState.GIVEN,
    "denied": ConsentState.REFUSED,
    "withdrawn": ConsentState.WITHDRAWN,
    "objected": ConsentState.OBJECTED,
}
_PURPOSES = {
    "service_messages": "service.messages",
    "marketing_email": "marketing.email",
    "marketing_phone": "marketing.phone",
    "profiling": "analytics",
    "third_party_sharing": "sharing",
    "fraud_prevention": "fraud",
}


def purpose_of(exported: str) -> str | None:
    """Our name of a purpose in the export, or None for one that is not known."""
    return exported if exported in PURPOSES else _PURPOSES.get(exported)


def state_of(exported: str) -> ConsentState:
    """Our state of one in the export; an unknown one is UNKNOWN, which allows nothing."""
    ours = ConsentState.__members__.get(exported.upper())
    return ours or _STATES.get(exported, ConsentState.UNKNOWN)
