"""Delivery: what the outbox holds goes to its system, of each customer in order, until the system answers.

At least once: whoever is killed between sending and noting the answer sends the same event again, under the same id.
Two servers on one graph share the work: an entry belongs to whoever took it, for some seconds.
"""

import asyncio
import logging
import random
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from ingest.statements import text
from ingest.write_back.post import Answer, post
from ingest.write_back.receivers import Receiver
from ingest.write_back.webhook import headers
from schema.enums import DeliveryState
from schema.errors import CustomerGraphError

log = logging.getLogger(__name__)

MOST_AT_ONCE = 16
SECONDS_BETWEEN = 1.0
SECONDS_TO_NOTE_IT = 20.0
LONGEST_PAUSE = 4 * 3600.0
REFUSALS = frozenset({400, 409, 410, 422})
"""By these a system says that it will never take this event; everything else may pass."""


class Graph(Protocol):
    """What delivery needs of the database."""

    async def write(
        self, text: str, parameters: Mapping[str, Any] | None = None, timeout: float | None = None
    ) -> list[Any]:
        """The first column of a statement that changes the graph, once it is durable."""
        ...


@dataclass(frozen=True, slots=True)
class Patience:
    """How often an event is sent, the pause after the first attempt, which doubles, and how long an answer may take."""

    attempts: int = 16
    first_pause: float = 5.0
    answer_seconds: float = 10.0


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of a delivery; `pause` in seconds until it is sent again, while it is pending."""

    state: DeliveryState
    reason: str | None
    pause: float = 0.0


def verdict(answer: Answer, attempts: int, patience: Patience, jitter: float) -> Verdict:
    """What an answer to the so-many-th attempt means. `jitter` from 0 to 1 spreads those who wait together."""
    if answer.status is not None and 200 <= answer.status < 300:
        return Verdict(DeliveryState.ACCEPTED, None)
    if answer.status in REFUSALS:
        return Verdict(DeliveryState.REFUSED, answer.reason)
    if attempts >= patience.attempts:
        return Verdict(DeliveryState.DEAD, answer.reason)
    pause = min(patience.first_pause * 2.0 ** min(attempts - 1, 30), LONGEST_PAUSE) * (0.5 + jitter / 2)
    return Verdict(DeliveryState.PENDING, answer.reason, max(pause, min(answer.again_after or 0.0, LONGEST_PAUSE)))


async def deliver(database: Graph, receiver: Receiver, patience: Patience, *, private: bool = False) -> int:
    """Send what is due for a system, once each; how many that were. Raises the errors of the database."""
    lease = int(1000 * (patience.answer_seconds + SECONDS_TO_NOTE_IT))
    claimed = {"system": receiver.system, "most": MOST_AT_ONCE, "milliseconds": lease}
    rows = await database.write(text("claim_deliveries"), claimed)

    async def attempt(row: Mapping[str, Any]) -> Verdict:
        body = row["body"].encode()
        signed = headers(row["id"], int(time.time()), body, receiver.secrets)
        answer = await post(receiver.url, signed, body, seconds=patience.answer_seconds, private=private)
        found = verdict(answer, row["attempts"], patience, random.random())  # noqa: S311  spreads the load only
        noted = {"id": row["id"], "attempts": row["attempts"], "state": found.state.name, "reason": found.reason}
        await database.write(text("settle_delivery"), noted | {"milliseconds": int(1000 * found.pause)})
        return found

    found = await asyncio.gather(*map(attempt, rows), return_exceptions=True)
    for one in found:
        if isinstance(one, BaseException):
            raise one
    return len(rows)


async def keep_delivering(
    database: Graph, receivers: Sequence[Receiver], patience: Patience, *, private: bool = False
) -> None:
    """Deliver for ever, each system by itself, so that a slow one keeps no other waiting."""
    async with asyncio.TaskGroup() as group:
        for receiver in receivers:
            group.create_task(_keep(database, receiver, patience, private=private))


async def _keep(database: Graph, receiver: Receiver, patience: Patience, *, private: bool) -> None:
    failing = False
    while True:
        sent = 0
        try:
            sent = await deliver(database, receiver, patience, private=private)
            failing = False
        except CustomerGraphError as problem:
            if not failing:
                log.warning("Changes wait to be delivered to %s: %s", receiver.system, problem.code)
            failing = True
        except Exception as problem:  # a fault of ours in one event must not end all
            log.error("Delivery to %s met what nobody expected: %s", receiver.system, type(problem).__name__)
        if not sent:
            await asyncio.sleep(SECONDS_BETWEEN)
