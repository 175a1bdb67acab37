"""Requests of data subjects as a state machine: what can be done in each state, by when, and on which grounds refused.

Pure data and pure functions. What is not in a table here cannot be done. docs/privacy.md shows the tables;
`python -m privacy.requests` prints them.
"""

from calendar import monthrange
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from schema.enums import PrivacyRequestKind as Kind
from schema.enums import PrivacyRequestState as State
from schema.enums import RefusalGround as Ground
from schema.errors import ExtensionRefused, RefusalRefused, RequestStepRefused
from schema.rights import STOPPING


class Step(StrEnum):
    """What can be done with a request, by the names of the mutations."""

    PROVE = "proveIdentity"
    BEGIN = "beginRequest"
    EXTEND = "extendRequest"
    REFUSE = "refuseRequest"
    CANCEL = "cancelRequest"
    FULFIL = "fulfilRequest"
    LIFT = "liftRestriction"


Machine = Mapping[tuple[State, Step], State]
OPEN = (State.RECEIVED, State.IDENTIFIED, State.IN_PROGRESS)
AT_ONCE = STOPPING | {Kind.RESTRICTION}
"""What is carried out by the answer itself, so that nothing has to be begun before it."""
EXTENDED_BY = 2
"""Months by which the time may be extended, once (GDPR art. 12(3))."""
MONTHS = 1
DAYS_TO_OPT_OUT = 15
"""California gives fifteen business days (11 CCR 7026(f)); these are days of the calendar, which are fewer."""
_NO_EXTENSION = frozenset({Kind.WITHDRAWAL, Kind.OPT_OUT_OF_SALE})
"""Art. 12(3) extends answers to art. 15 to 22 alone."""


def _machine(kind: Kind) -> Machine:
    table = {
        (State.RECEIVED, Step.PROVE): State.IDENTIFIED,
        (State.IDENTIFIED, Step.BEGIN): State.IN_PROGRESS,
        (State.IN_PROGRESS, Step.FULFIL): State.FULFILLED,
    }
    for state in OPEN:
        table[state, Step.REFUSE] = State.REFUSED
        table[state, Step.CANCEL] = State.CANCELLED
        if kind not in _NO_EXTENSION:
            table[state, Step.EXTEND] = state
    if kind in AT_ONCE:
        table[State.IDENTIFIED, Step.FULFIL] = State.FULFILLED
    if kind is Kind.RESTRICTION:
        table[State.FULFILLED, Step.LIFT] = State.LIFTED
    return MappingProxyType(table)


MACHINES: Mapping[Kind, Machine] = MappingProxyType({kind: _machine(kind) for kind in Kind})
"""For each kind: in which state which step leads where."""

_OF_THE_GDPR = tuple(kind for kind in Kind if kind not in _NO_EXTENSION)
_UNFOUNDED = dict.fromkeys(_OF_THE_GDPR, "GDPR art. 12(5)(b)") | {Kind.OPT_OUT_OF_SALE: "Cal. Civ. Code 1798.145(h)(3)"}
GROUNDS: Mapping[Ground, Mapping[Kind, str]] = MappingProxyType(
    {
        Ground.IDENTITY_NOT_PROVEN: {
            **dict.fromkeys((*_OF_THE_GDPR, Kind.WITHDRAWAL), "GDPR art. 12(2), 12(6)"),
            Kind.OPT_OUT_OF_SALE: "11 CCR 7026(d)",
        },
        Ground.MANIFESTLY_UNFOUNDED: _UNFOUNDED,
        Ground.EXCESSIVE: _UNFOUNDED,
        Ground.NOT_APPLICABLE: {
            Kind.PORTABILITY: "GDPR art. 20(1)",
            Kind.ERASURE: "GDPR art. 17(1)",
            Kind.RESTRICTION: "GDPR art. 18(1)",
            Kind.OBJECTION: "GDPR art. 21(1)",
        },
        Ground.RIGHTS_OF_OTHERS: {Kind.ACCESS: "GDPR art. 15(4)", Kind.PORTABILITY: "GDPR art. 20(4)"},
        Ground.DATA_ARE_RIGHT: {Kind.RECTIFICATION: "GDPR art. 16"},
        Ground.FREE_EXPRESSION: {Kind.ERASURE: "GDPR art. 17(3)(a)"},
        Ground.LEGAL_OBLIGATION: {Kind.ERASURE: "GDPR art. 17(3)(b)"},
        Ground.LEGAL_CLAIMS: {Kind.ERASURE: "GDPR art. 17(3)(e)", Kind.OBJECTION: "GDPR art. 21(1)"},
        Ground.COMPELLING_GROUNDS: {Kind.OBJECTION: "GDPR art. 21(1)"},
        Ground.FRAUDULENT: {Kind.OPT_OUT_OF_SALE: "11 CCR 7026(e)"},
    }
)
"""On which ground which kinds can be refused, and by which law. Who takes a consent back is refused only while nobody
knows who she is.
"""
NEVER_FOR_ADVERTISING = frozenset({Ground.NOT_APPLICABLE, Ground.LEGAL_CLAIMS, Ground.COMPELLING_GROUNDS})
"""Grounds that do not count against an objection to direct marketing (GDPR art. 21(3))."""


def after(kind: Kind, state: State, step: Step) -> State:
    """The state to which a step leads. Raises RequestStepRefused where there is no such step."""
    found = MACHINES[kind].get((state, step))
    if found is None:
        raise RequestStepRefused
    return found


def law_of_refusal(kind: Kind, state: State, ground: Ground, *, advertises: bool = False) -> str:
    """The law by which a request is refused. `advertises`: it is an objection to direct marketing, in part or whole.

    Raises RefusalRefused for a ground that the law does not know for it. That nobody knows who asks can be said until
    it is known, and not afterwards.
    """
    law = GROUNDS[ground].get(kind)
    known = state is not State.RECEIVED
    if law is None or (ground is Ground.IDENTITY_NOT_PROVEN and known):
        raise RefusalRefused
    if advertises and ground in NEVER_FOR_ADVERTISING:
        raise RefusalRefused("Nobody is refused who objects to direct marketing (GDPR art. 21(3)).")
    return law


def due(kind: Kind, received: datetime, *, extended: bool = False) -> datetime:
    """By when a request has to be answered: one month after it came in, three where that was extended (art. 12(3)).

    A month ends on the day of the same number, or on the last where it has none (Regulation (EEC, Euratom) 1182/71,
    art. 3(2)(c)), here at the hour at which the request came in. Weekends and holidays give no more time.
    """
    if kind is Kind.OPT_OUT_OF_SALE:
        return received + timedelta(days=DAYS_TO_OPT_OUT)
    months = received.month - 1 + MONTHS + (EXTENDED_BY if extended else 0)
    year, month = received.year + months // 12, months % 12 + 1
    return received.replace(year=year, month=month, day=min(received.day, monthrange(year, month)[1]))


def extended(kind: Kind, received: datetime, told: datetime, now: datetime, *, already: bool) -> datetime:
    """By when a request has to be answered from now on. Raises ExtensionRefused for a second one, and for one too late.

    The person has to be told within the first month, so before the time is over (GDPR art. 12(3)).
    """
    first = due(kind, received)
    if already or now >= first or not received <= told <= now:
        raise ExtensionRefused
    return due(kind, received, extended=True)


def tables() -> str:
    """The machine and the grounds as docs/privacy.md shows them."""
    return "\n".join((*_steps(), "", *_grounds()))


def _steps() -> Iterator[str]:
    yield "| state | step | leads to | of |"
    yield "|---|---|---|---|"
    every = {(state, step, to) for machine in MACHINES.values() for (state, step), to in machine.items()}
    states, steps = list(State), list(Step)
    for state, step, to in sorted(every, key=lambda one: (states.index(one[0]), steps.index(one[1]))):
        kinds = [kind for kind in Kind if MACHINES[kind].get((state, step)) is to]
        yield f"| {state.name} | `{step}` | {to.name} | {_kinds(kinds)} |"


def _grounds() -> Iterator[str]:
    yield "| ground | refuses |"
    yield "|---|---|"
    for ground, laws in GROUNDS.items():
        by_law: dict[str, list[Kind]] = {}
        for kind, law in laws.items():
            by_law.setdefault(law, []).append(kind)
        yield f"| {ground.name} | {'; '.join(f'{_kinds(kinds)} ({law})' for law, kinds in by_law.items())} |"


def _kinds(kinds: list[Kind]) -> str:
    if len(kinds) == len(Kind):
        return "every kind"
    missing = [kind for kind in Kind if kind not in kinds]
    if len(missing) <= len(Kind) // 3:
        return f"all but {', '.join(kind.name for kind in missing)}"
    return ", ".join(kind.name for kind in kinds)


if __name__ == "__main__":
    print(tables())
