"""A steward's decision in the graph: customers are joined and parted, and what they amount to is found out anew.

Everything happens in the transaction of one change. What is written comes from `ingest.regroup`, the load's own
assembly over the records of these customers.
"""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from ingest.corrections import given_back
from ingest.decisions import decisions
from ingest.draft import Draft
from ingest.kept import InForce
from ingest.kept import given_back as record_of
from ingest.normalise import same_mailbox
from ingest.opening import opened
from ingest.regroup import LABELS, LINKS, Around, Held, followed, placed, provisional, regrouped
from ingest.resealing import reseal
from ingest.resolve import Key
from ingest.sealing import sealing
from ingest.standing import Decided, decided_here
from ingest.statements import text
from ingest.written import links_written, nodes_written
from resolvers.mutation import Act
from schema.catalogue import complete_model
from schema.enums import CustomerKind, IdentityKind, MatchVerdict
from schema.errors import DecisionImpossible, DecisionSuperseded

Rows = list[Any]
GOLDEN = ("Address", "Customer", "AttributeProvenance", "Channel")
OF_THE_GOLDEN = tuple(kind for kind in LINKS if kind[0] in ("LIVES_AT", "PROVEN_BY", "REACHABLE_ON", "SERVES"))
"""What is written of a golden record that is made anew of the same records."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A decision as it stands in the graph. `records` say on which side each is, whose it was and whose it is."""

    id: str
    form: str | None
    survivor: str
    target: str | None
    within: str | None
    at: int
    owned: Sequence[str]
    void: bool
    records: Sequence[Mapping[str, Any]]
    absorbed: Sequence[str]

    @property
    def sides(self) -> list[dict[str, Any]]:
        """The records as a decision names them."""
        return [{"id": one["id"], "side": one["side"], "customer": one["was"]} for one in self.records]


@dataclass(slots=True)
class Desk:
    """The steps of which a decision is made. Customers are named by their ids, or by the keys of the loader.

    `loose` are the places of records that became nobody's.
    """

    act: Act
    moved: list[Held] | None = None
    loose: set[str] = field(default_factory=set)

    async def persons(self, ids: Sequence[str]) -> dict[str, str]:
        """The keys of customers. Raises DecisionImpossible for organisations and for whom the loader does not know."""
        rows = await self._rows("desk_customers", customers=list(ids))
        if any(row["kind"] != CustomerKind.PERSON.name or row["key"] is None for row in rows) or len(rows) != len(ids):
            raise DecisionImpossible
        return {row["id"]: row["key"] for row in rows}

    async def id_of(self, key: str) -> str:
        """The id of a customer. Raises DecisionSuperseded where there is none any more."""
        rows = await self._rows("customer_by_key", customer=key)
        if not rows:
            raise DecisionSuperseded
        return str(rows[0])

    async def held(self, customers: Sequence[str]) -> list[Held]:
        """The records of customers. Raises DecisionImpossible where an older version loaded them."""
        rows = await self._rows("desk_records", customers=list(customers))
        rows = await opened(self.act.keys, rows, {"kept": "kept"})
        if any(row["kept"] is None for row in rows):
            raise DecisionImpossible
        return [
            Held(
                row["id"],
                row["place"],
                row["system"],
                record_of(row["kind"], row["kept"]),
                row["customer"],
                row["method"],
                datetime.fromtimestamp(row["loaded"] / 1000, UTC),
                row["attached"],
            )
            for row in rows
        ]

    async def take(
        self,
        verdict: MatchVerdict,
        form: str | None,
        reason: str,
        records: Sequence[Mapping[str, Any]],
        *,
        survivor: str | None = None,
        target: str | None = None,
        within: str | None = None,
        undoes: str | None = None,
    ) -> str:
        """Keep the decision; its id."""
        viewer, id_ = self.act.viewer, self.act.new_id("dec")
        properties = {
            "id": id_,
            "sourceKey": f"api:{id_}",
            "verdict": verdict.name,
            "reason": reason,
            "role": viewer.role,
            "actor": viewer.subject,
            "form": form,
            "survivor": survivor,
            "target": target,
            "within": within,
        }
        await self._rows("take_decision", properties=properties, records=list(records), undoes=undoes)
        return id_

    async def taken(self, decision: str) -> Taken:
        """A decision that was taken."""
        (row,) = await self._rows("decision_taken", decision=decision)
        return Taken(decision, **row)

    async def remember(self, decision: str, customer: str) -> None:
        """Keep the golden record as it is before the decision."""
        await self._rows("remember", decision=decision, customer=customer)

    async def absorb(self, absorbed: str, survivor: str, by: str, *, journal: bool = True) -> None:
        """Make one customer part of another. Without `journal` nothing remembers whose it was."""
        await self._rows("absorb", absorbed=absorbed, survivor=survivor, by=by, journal=journal)

    async def leave_bare(self, absorbed: str) -> None:
        """Keep nothing but the id of one who became part of another."""
        await self._rows("leave_bare", absorbed=absorbed)

    async def absorbed_into(self, customer: str) -> Rows:
        """Who became part of a customer: `{key, by, at, records}`, the latest first."""
        return await self._rows("absorbed_into", customer=customer)

    async def revive(self, absorbed: str, survivor: str, since: int) -> str:
        """Make a customer again of one who became part of another; her id. Raises DecisionSuperseded."""
        rows = await self._rows("revive", absorbed=absorbed, survivor=survivor, since=since)
        if not rows:
            raise DecisionSuperseded
        return str(rows[0])

    def new_key(self) -> str:
        """A key for a customer whom a decision makes."""
        return f"desk:{self.act.new_id('cus')}"

    async def make(self, key: str, other: str) -> str:
        """Make a customer under a key, out of another; the id."""
        id_ = self.act.new_id("cus")
        await self._rows("new_customer", id=id_, key=key, other=other, now=self.act.now)
        return id_

    async def compared(self, candidate: str) -> Rows:
        """The two sides of a question: `{customer, records}`."""
        return await self._rows("compared", candidate=candidate)

    async def part(
        self,
        customers: Sequence[str],
        sides: Mapping[Key, str],
        owned: Collection[str] | None = None,
        *,
        follow: bool = False,
    ) -> None:
        """Give records and what they made to the customers whose they are: of profile records `sides` says it.

        With `follow` other profile records go with those they match. What is not of the records `owned` came in since
        and goes where its clues lead, as in a load, or is nobody's. Without `owned` all clues are asked, and what they
        leave open stays where it is. What a person attached stays whose it is, or goes back with whom it came.
        """
        held, around = await self.held(customers), await self.around(customers)
        told = dict(sides)
        if follow:
            told = await asyncio.to_thread(followed, held, sides, around)
        held = [replace(one, customer=told.get(one.key, one.customer)) if one.is_profile else one for one in held]
        homes = [{"place": one.place, "customer": one.customer} for one in held if one.is_profile]
        await self._rows("rehome", rows=homes)
        survivor = (await self.persons(customers[:1]))[customers[0]]
        again = {
            one.place
            for one in held
            if one.customer == survivor and one.place not in (owned or ()) and not one.attached
        }
        found = await asyncio.to_thread(placed, held, again, around)
        if owned is None:
            found = {place: whose for place, whose in found.items() if whose}
        nobodys = [place for place, whose in found.items() if whose is None]
        await self._rows("release", places=nobodys, customers=list(customers))
        self.loose.update(nobodys)
        self.moved = [
            replace(one, customer=whose.customer, method=whose.method) if (whose := found.get(one.place)) else one
            for one in held
            if one.place not in nobodys
        ]
        ways = [{"place": place, "method": one.method, "evidence": []} for place, one in found.items() if one]
        await self._rows("desk_methods", rows=ways)

    async def around(self, customers: Sequence[str]) -> Around:
        """What the graph knows beyond the records of customers."""
        (row,) = await self._rows("desk_around", customers=list(customers))
        shared = {
            f"email {same_mailbox(value)}" if kind == IdentityKind.EMAIL.name else f"phone {value}"
            for kind, value in row["shared"]
        }
        decided: dict[str, list[Decided]] = {}
        for one in await self._rows("desk_decisions_here", customers=list(customers)):
            decided.setdefault(one["customer"], []).extend(decided_here([one]))
        return Around(
            shared=frozenset(shared),
            regions=tuple(row["regions"]),
            speakers=frozenset(row["speakers"]),
            in_force=InForce.of(*await self._rows("rules_in_force")),
            decided=decided,
            pairs=decisions(await self._rows("persons_decided")),
            corrections=given_back(await self._rows("desk_corrections", customers=list(customers))),
        )

    async def renew(self, customers: Sequence[str], decision: str, *, void: str | None = None) -> None:
        """Write what customers amount to now. `void` is the decision of which `decision` leaves nothing."""
        held = self.moved if self.moved is not None else await self.held(customers)
        draft = await asyncio.to_thread(regrouped, held, await self.around(customers), self.act.now)
        await self._rows("forget_standings", customers=list(customers))
        await self._rows("forget_signals", customers=list(customers))
        if found := provisional(draft):
            await self._said(nodes_written(complete_model(), "Consent", found))
        await self._write(draft, LABELS, LINKS)
        methods = [
            {"place": one.start.key, **one.properties} for one in draft.links("RESOLVES_TO", "SourceRecord", "Customer")
        ]
        await self._rows("desk_methods", rows=methods)
        await self._rows("realign", customers=list(customers))
        await self._rows("tidy", rows=_kept(draft), decision=decision)
        derived = [node.key for label in ("AttributeProvenance", "Channel") for node in draft.nodes(label)]
        await self._rows("back_from_aside", keys=derived, void=[void, decision] if void else [])
        await self._rows("updated", keys=[node.key for node in draft.nodes("Customer")], now=self.act.now)
        if void:
            await self._rows("as_before", decision=void)
        await reseal(self.act.run, self.act.keys, customers, self.loose)

    async def renew_golden(self, customer: str, key: str) -> None:
        """Write the golden record of a customer whose records stay hers, with where its values are from."""
        around = await self.around([customer])
        draft = await asyncio.to_thread(regrouped, await self.held([customer]), around, self.act.now)
        await self._write(draft, GOLDEN, OF_THE_GOLDEN)
        teams = [link.start.key for link in draft.links("SERVES", "Team", "Customer")]
        await self._rows("left", customer=key, teams=teams)

    async def attachable(self, interaction: str) -> Mapping[str, Any]:
        """An interaction: `{records, tasks, owned, by}`."""
        (row,) = await self._rows("attachable", interaction=interaction)
        found: Mapping[str, Any] = row
        return found

    async def attach(self, interaction: str, customer: str, decision: str) -> None:
        """Give an interaction of nobody to a customer. Raises DecisionImpossible."""
        if not await self._rows("attach", interaction=interaction, customer=customer, decision=decision):
            raise DecisionImpossible

    async def hold(self, tasks: Sequence[str]) -> None:
        """Treat who is said to have died so, until a person has read it."""
        await self._rows("hold_deceased", keys=list(tasks))

    async def detach(self, decision: str, records: Sequence[str]) -> list[str]:
        """Make what a decision attached nobody's again; the ids of whose it was. `records` are those it was about."""
        self.loose.update(await self._rows("places_of_records", records=list(records)))
        return [str(one) for one in await self._rows("detach", decision=decision)]

    async def answer(self, decision: str, *, joins: bool) -> None:
        """Close the questions that a decision answers."""
        await self._rows("answer", decision=decision, joins=joins, now=self.act.now)

    async def ask_again(self, decision: str) -> None:
        """Open the questions that a decision had answered."""
        await self._rows("ask_again", decision=decision)

    async def _write(self, draft: Draft, labels: Sequence[str], kinds: Sequence[tuple[str, str, str]]) -> None:
        model = complete_model()
        keys = [node.key for node in draft.nodes("Customer")]
        ids = {row["key"]: row["id"] for row in await self._rows("ids_of_customers", keys=keys)}
        sealed = await sealing(self.act.keys, model, draft, ids)
        for label in labels:
            if nodes := draft.nodes(label):
                await self._said(nodes_written(model, label, sealed.nodes(nodes)))
        for kind in kinds:
            if links := draft.links(*kind):
                await self._said(links_written(model, kind, links))

    async def _rows(self, name: str, **parameters: Any) -> Rows:
        return list(await self.act.run(text(name), parameters))

    async def _said(self, statement: tuple[str, Mapping[str, Any] | None]) -> None:
        await self.act.run(statement[0], dict(statement[1] or {}))


def _kept(draft: Draft) -> list[dict[str, Any]]:
    """By customer what she has: values and channels, teams, an address; and handles that are another's alone."""
    rows = []
    uses: dict[str, set[str]] = {node.key: set() for node in draft.nodes("Customer")}
    for link in draft.links("HAS_IDENTITY", "Customer", "Identity"):
        uses[link.start.key].add(link.end.key)
    for customer, own in uses.items():
        others = set().union(*(handles for key, handles in uses.items() if key != customer))
        derived = (
            *draft.links("PROVEN_BY", "Customer", "AttributeProvenance"),
            *draft.links("REACHABLE_ON", "Customer", "Channel"),
        )
        rows.append(
            {
                "customer": customer,
                "derived": [link.end.key for link in derived if link.start.key == customer],
                "lost": sorted(others - own),
                "teams": [
                    link.start.key for link in draft.links("SERVES", "Team", "Customer") if link.end.key == customer
                ],
                "lives": any(link.start.key == customer for link in draft.links("LIVES_AT", "Customer", "Address")),
            }
        )
    return rows
