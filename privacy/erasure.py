"""Erasure: a person is erased in steps that are on record before each begins (GDPR art. 17).

It begins in one transaction: whether a legal hold protects her is asked there once more, and from there on nobody sees
her. Each step may be taken twice, so whoever is killed leaves an erasure that the next one brings to the same end.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol
from uuid import uuid4

from graph.protocols import Graph
from graph.vault.vault import PLAIN, Opener
from ingest.suppression import Hasher, in_force
from privacy.compaction import due
from privacy.elsewhere import Elsewhere, Gone, known_by_hashes
from privacy.graph import SECONDS, batches, text
from privacy.previewing import Preview, preview, subject_of
from privacy.reach import Reach, reach
from privacy.removal import empty, keep_what_stays, remove
from privacy.suppressing import hashes_of, suppress
from privacy.telling import settle, tell
from schema.enums import ErasureState
from schema.errors import ErasedAlready, PreviewOutdated, SubjectHeld
from schema.governance import Governance, shipped_governance
from schema.model import MODEL, Model

BEFORE_IT = timedelta(days=1)
"""A load that was under way when an erasure began may have begun so much earlier."""


class Step(StrEnum):
    """The steps, in their order."""

    SUPPRESS = "SUPPRESS"  # her rows are known again from here on
    TELL = "TELL"  # systems have notices, and events where they take them
    ELSEWHERE = "ELSEWHERE"  # the trail and the inbox have forgotten her
    REMOVE = "REMOVE"  # what is about her alone is gone
    KEEP = "KEEP"  # what has to stay is stripped
    EMPTY = "EMPTY"  # of the golden record the id is left
    KEYS = "KEYS"  # keys of her data, where there are any
    SWEEP = "SWEEP"  # what a load brought meanwhile


DELETING = frozenset({Step.REMOVE, Step.KEEP, Step.EMPTY, Step.SWEEP})
"""Steps that leave deleted bytes in Neo4j's files."""


class Keys(Opener, Protocol):
    """Keys of customers' data: a Vault."""

    async def forget(self, owners: Sequence[str]) -> int:
        """Destroy the keys of customers; how many there were. Twice is as good as once."""
        ...


@dataclass(frozen=True, slots=True)
class Means:
    """With what erasures work. `place` names this server by its trail, `elsewhere` are its files outside the graph."""

    graph: Graph
    hasher: Hasher
    elsewhere: Sequence[Elsewhere] = ()
    place: str | None = None
    keys: Keys | None = None
    model: Model = field(default_factory=lambda: MODEL)
    governance: Governance = field(default_factory=shipped_governance)

    @property
    def opener(self) -> Opener:
        """What opens sealed values; where none is sealed, nothing."""
        return self.keys or PLAIN


@dataclass(frozen=True, slots=True)
class Notice:
    """A system that is told. `records` are how many keys of its own wait for its answer."""

    system: str
    records: int
    by_person: bool
    confirmed_at: str | None
    delivery: str | None


@dataclass(frozen=True, slots=True)
class Receipt:
    """An erasure as it stands. Moments are texts as the database writes them."""

    id: str
    customer: str
    merged: tuple[str, ...]
    state: ErasureState
    step: str | None
    steps: tuple[str, ...]
    going: tuple[str, ...]
    staying: tuple[str, ...]
    left_out: tuple[str, ...]
    preview: str
    removed_at: str | None
    done_at: str | None
    lifted_at: str | None
    keys_forgotten_at: str | None
    compacted_at: str | None
    notices: tuple[Notice, ...]

    @property
    def ids(self) -> tuple[str, ...]:
        """Every id under which she was known."""
        return (self.customer, *self.merged)


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asks for an erasure, as what, why and when."""

    actor: str
    role: str
    reason: str | None
    now: datetime


async def begin(
    graph: Graph,
    customer: str,
    asked: Asked,
    *,
    model: Model = MODEL,
    governance: Governance | None = None,
    keys: Opener = PLAIN,
    previewed_as: str | None = None,
    id_: str | None = None,
) -> str:
    """Begin an erasure; the id of its receipt. From here on nobody sees her, and she will be gone.

    `previewed_as` is the digest of what was looked at. Raises what `subject_of` raises, SubjectHeld, PreviewOutdated
    and the errors of the database; then nothing is changed.
    """
    found = await preview(graph, customer, model=model, governance=governance, keys=keys, now=asked.now)
    if found.held:
        raise SubjectHeld
    if previewed_as is not None and previewed_as != found.digest:
        raise PreviewOutdated
    receipt = receipt_of(found, ErasureState.BEGUN, asked, id_)
    rows = await graph.write(text("begin"), {"id": customer, "receipt": receipt}, SECONDS)
    if not rows:  # what was asked before holds no longer: a hold came, or somebody else began
        raise SubjectHeld if (await subject_of(graph, customer)).held else ErasedAlready
    return str(rows[0])


def receipt_of(found: Preview, state: ErasureState, asked: Asked, id_: str | None = None) -> dict[str, Any]:
    """The properties of a receipt."""
    name = id_ or f"era_{uuid4().hex}"
    return {
        "id": name,
        "sourceKey": name,
        "customer": found.customer,
        "merged": list(found.merged),
        "state": state.name,
        "askedAt": asked.now,
        "askedBy": asked.role,
        "actor": asked.actor,
        "reason": asked.reason,
        "steps": [],
        "preview": found.digest,
        "going": [one.in_words() for one in found.going],
        "staying": [one.in_words() for one in found.staying],
        "leftOut": [],
    }


async def erase(
    means: Means, customer: str, *, reason: str, actor: str, role: str, now: datetime | None = None
) -> Receipt:
    """Erase a customer, or bring to its end what was begun. Raises what `begin` and `carry_on` raise, and
    SuppressionKeyWrong.
    """
    receipt = await receipt_named(means.graph, customer)
    if receipt is not None and receipt.state is ErasureState.BEGUN:
        id_ = receipt.id
    else:
        await in_force(means.graph, means.hasher)  # another key would raise
        asked = Asked(actor, role, reason, now or datetime.now(UTC))
        id_ = await begin(
            means.graph, customer, asked, model=means.model, governance=means.governance, keys=means.opener
        )
    await carry_on(means, id_, now=now)
    found = await receipt_named(means.graph, id_)
    assert found is not None
    return found


async def resume(means: Means, *, now: datetime | None = None) -> list[str]:
    """Bring to their end all erasures that were begun; their receipts. Raises what `carry_on` raises."""
    ids = [str(one) for one in await means.graph.read(text("unfinished"), None, SECONDS)]
    for id_ in ids:
        await carry_on(means, id_, now=now)
    return ids


async def carry_on(means: Means, receipt: str, *, now: datetime | None = None) -> None:
    """Take the steps of an erasure from the one that began last. Raises what the graph and the places elsewhere raise;
    whoever carries on takes that step again.
    """
    begun = await receipt_named(means.graph, receipt)
    if begun is None or begun.state is not ErasureState.BEGUN:
        return
    steps = list(Step)
    for step in steps[steps.index(Step(begun.step)) if begun.step else 0 :]:
        moment = now or datetime.now(UTC)
        said = f"{step.value} {moment.astimezone(UTC).isoformat(timespec='seconds').replace('+00:00', 'Z')}"
        await means.graph.write(text("step"), {"id": receipt, "step": step.value, "said": said}, SECONDS)
        if step in DELETING:
            await due(means.graph, moment)
        await _STEPS[step](means, begun, moment)
    moment = now or datetime.now(UTC)
    await means.graph.write(text("removed"), {"id": receipt, "now": moment}, SECONDS)
    await settle(means.graph, moment)


async def receipt_named(graph: Graph, id_: str) -> Receipt | None:
    """The receipt of this id, or the last one of a customer who had it. Raises the errors of the database."""
    for row in await graph.read(text("receipt"), {"id": id_}, SECONDS):
        return _receipt(row)
    return None


def _receipt(row: Mapping[str, Any]) -> Receipt:
    said = row["properties"]
    return Receipt(
        said["id"],
        said["customer"],
        tuple(said["merged"] or ()),
        ErasureState[said["state"]],
        said["step"],
        tuple(said["steps"] or ()),
        tuple(said["going"] or ()),
        tuple(said["staying"] or ()),
        tuple(said["leftOut"] or ()),
        said["preview"],
        said["removedAt"],
        said["doneAt"],
        said["liftedAt"],
        said["keysForgottenAt"],
        said["compactedAt"],
        tuple(
            Notice(one["system"], one["records"] or 0, one["byPerson"], one["confirmedAt"], one["delivery"])
            for one in row["notices"]
        ),
    )


# The steps. Each asks anew what there is.


async def _reached(means: Means, begun: Receipt, now: datetime) -> Reach:
    return await reach(means.graph, means.opener, means.model, means.governance, begun.ids, now)


async def _suppress(means: Means, begun: Receipt, now: datetime) -> None:
    await suppress(means.graph, begun.id, await _reached(means, begun, now), means.hasher)


async def _tell(means: Means, begun: Receipt, now: datetime) -> None:
    await tell(means.graph, begun.id, await _reached(means, begun, now), now)


async def _elsewhere(means: Means, begun: Receipt, now: datetime) -> None:
    found = await _reached(means, begun, now)
    events = []
    for some in batches(found.of["SourceRecord"].going):
        rows = await means.graph.read(text("places"), {"rows": list(some)}, SECONDS)
        events += [(row["system"], row["key"]) for row in rows if row["kind"] == "event"]
    hers = await known_by_hashes(means.graph, begun.id, means.hasher)
    for one in means.elsewhere:
        await one.forget(Gone(begun.ids, found.handles, events, hers))
    if means.place is not None:
        await means.graph.write(text("forgotten_by"), {"receipt": begun.id, "place": means.place}, SECONDS)


async def _remove(means: Means, begun: Receipt, now: datetime) -> None:
    await remove(means.graph, means.model, begun.id, await _reached(means, begun, now))


async def _keep(means: Means, begun: Receipt, now: datetime) -> None:
    await keep_what_stays(means.graph, begun.id)


async def _empty(means: Means, begun: Receipt, now: datetime) -> None:
    await empty(means.graph, begun.ids)


async def _keys(means: Means, begun: Receipt, now: datetime) -> None:
    if means.keys is not None:
        await means.keys.forget(begun.ids)
        await means.graph.write(text("keys_forgotten"), {"receipt": begun.id, "now": now}, SECONDS)


async def _sweep(means: Means, begun: Receipt, now: datetime) -> None:
    """Take what a load or an event that was under way brought after its kind was removed."""
    hashes = await hashes_of(means.graph, begun.id)
    rows = await means.graph.read(text("swept"), {"since": now - BEFORE_IT}, SECONDS)
    hers = [row for row in rows if means.hasher.place(row["place"]) in hashes]
    again = sorted({row["customer"] for row in hers if row["customer"] is not None} - set(begun.ids))
    await means.graph.write(text("reached_again"), {"receipt": begun.id, "ids": again}, SECONDS)
    # Also where nothing is found: whoever was killed here has taken the rows and not yet what hung on them.
    found = await reach(means.graph, means.opener, means.model, means.governance, (*begun.ids, *again), now)
    found.of["SourceRecord"].going.extend(row["row"] for row in hers)
    await remove(means.graph, means.model, begun.id, found)
    await keep_what_stays(means.graph, begun.id)
    await empty(means.graph, (*begun.ids, *again))


_STEPS: Mapping[Step, Callable[[Means, Receipt, datetime], Awaitable[None]]] = {
    Step.SUPPRESS: _suppress,
    Step.TELL: _tell,
    Step.ELSEWHERE: _elsewhere,
    Step.REMOVE: _remove,
    Step.KEEP: _keep,
    Step.EMPTY: _empty,
    Step.KEYS: _keys,
    Step.SWEEP: _sweep,
}
