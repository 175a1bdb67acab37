"""Consent as a state machine: which decision may follow which, after the consent states of the W3C DPV.

Pure data. Who says no is always heard, whatever was before (GDPR art. 7(3), 21): only a yes has conditions.
`python -m ingest.consent_states` prints the table that docs/consent.md shows.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from schema.enums import ConsentState
from schema.errors import ConsentStepRefused


class Said(StrEnum):
    """What is said of a purpose: asking for a confirmation, confirming, and the four decisions."""

    ASK = "ask to confirm"
    CONFIRM = "confirm"
    GIVE = "give"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"
    OBJECT = "object"


_NO = {
    Said.REFUSE: ConsentState.REFUSED,
    Said.WITHDRAW: ConsentState.WITHDRAWN,
    Said.OBJECT: ConsentState.OBJECTED,
}
OF_DECISION: Mapping[str, Said] = MappingProxyType(
    {"GIVEN": Said.GIVE, "REFUSED": Said.REFUSE, "WITHDRAWN": Said.WITHDRAW, "OBJECTED": Said.OBJECT}
)
"""What is said, by the decision that is recorded."""


def _transitions() -> Mapping[tuple[ConsentState, Said], ConsentState]:
    found = {(state, said): to for state in ConsentState for said, to in _NO.items()}
    for state in ConsentState:
        if state is not ConsentState.REQUESTED:
            found[state, Said.GIVE] = ConsentState.GIVEN
        if state is not ConsentState.GIVEN:
            found[state, Said.ASK] = ConsentState.REQUESTED
    found[ConsentState.REQUESTED, Said.CONFIRM] = ConsentState.GIVEN
    return MappingProxyType(found)


TRANSITIONS = _transitions()
"""In which state what may be said, and where it leads. What is not here is refused."""


def following(state: ConsentState, said: Said) -> ConsentState:
    """The state that follows. Raises ConsentStepRefused where there is none."""
    found = TRANSITIONS.get((state, said))
    if found is None:
        raise ConsentStepRefused
    return found


def table() -> str:
    """The machine as docs/consent.md shows it."""
    rows = [f"| decided last | {' | '.join(said.value for said in Said)} |", f"|---|{'---|' * len(Said)}"]
    for state in ConsentState:
        cells = (TRANSITIONS.get((state, said)) for said in Said)
        rows.append(f"| {state.name} | {' | '.join(to.name if to else '' for to in cells)} |")
    return "\n".join(rows)


if __name__ == "__main__":
    print(table())
