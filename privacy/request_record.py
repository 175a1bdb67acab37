"""A request under way in the transaction of a change: what it is, and one step further."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from privacy.requests import Step, after
from privacy.statements import text
from resolvers.mutation import Act
from schema.enums import PrivacyRequestKind, PrivacyRequestState
from schema.purposes import PURPOSES

LONGEST_NOTE = 2_000


@dataclass(frozen=True, slots=True)
class Held:
    """A request as it stands. `customer` is None once she is erased."""

    id: str
    kind: PrivacyRequestKind
    state: PrivacyRequestState
    purposes: tuple[str, ...]
    received: datetime
    extended: bool
    customer: str | None

    @property
    def advertises(self) -> bool:
        """Whether it is about direct marketing, in part or whole."""
        return any(PURPOSES[name].advertises for name in self.purposes)


async def held(act: Act) -> Held:
    """The request that a change is about; its guard has found and locked it."""
    (row,) = await act.run(text("request"), {"request": act.record})
    return Held(
        id=act.record,
        kind=PrivacyRequestKind[row["kind"]],
        state=PrivacyRequestState[row["state"]],
        purposes=tuple(name for name in row["purposes"] or () if name in PURPOSES),
        received=datetime.fromtimestamp(row["received"] / 1000, UTC),
        extended=row["extended"],
        customer=row["customer"],
    )


async def take(act: Act, request: Held, step: Step, more: Mapping[str, Any]) -> list[str]:
    """Write a step with what belongs to it; the fields that were written. Raises RequestStepRefused."""
    state = after(request.kind, request.state, step)
    said = {name: value for name, value in more.items() if value is not None}
    properties = {"state": state.name, **said, "actor": actor(act, request.customer)}
    await act.run(text("step_request"), {"request": request.id, "properties": properties})
    return [f"PrivacyRequest.{name}" for name in properties]


def actor(act: Act, customer: str | None) -> str | None:
    """Who does a step; empty where it is the customer herself, so that nothing leads to her once she is erased."""
    return None if act.viewer.subject == customer else act.viewer.subject


def closed(act: Act) -> dict[str, Any]:
    """What the last step of a request says of itself."""
    return {"closedAt": act.now, "closedBy": act.viewer.role}
