"""Changes put to two worlds that a viewer cannot tell apart, and compared with what the viewer may see.

A change succeeds if and only if the oracle sees every record that it names; its payload is what `node(id)` tells
afterwards; answers are byte-identical in both worlds.
"""

from collections.abc import Iterable, Mapping
from itertools import chain, product
from typing import Any

from graphql import ExecutionResult, GraphQLObjectType

from graph.session import Database
from resolvers.mutation import Mutation
from schema.errors import (
    ConfirmationRefused,
    CorrectionImpossible,
    DecisionImpossible,
    DecisionSuperseded,
    ErasedAlready,
    ExtensionRefused,
    FulfilmentMissing,
    NotTheOwner,
    NotThere,
    OfAnotherCustomer,
    PreviewOutdated,
    PromiseClosed,
    ProposalClosed,
    RefusalRefused,
    RequestStepRefused,
    ReviewDecided,
    SubjectHeld,
    ValueInvalid,
)
from tests.proof import asking
from tests.proof.rounds import Round, prepare
from tests.proof.scene import Scene, scene, selection, targets
from tests.proof.worlds import COORDINATES, store
from tests.proof.worlds import NOW as MOMENT

NOW = MOMENT.isoformat()
INPUTS: Mapping[str, Mapping[str, Any]] = {
    "recordInteraction": {
        "kind": "CALL",
        "direction": "INBOUND",
        "channel": "PHONE",
        "subject": "Ada O'Neil",
        "text": "a@x.example called about Bo and Zoë Ümit. She wants no more advertising.",
    },
    "openCase": {"subject": "Bo Ada"},
    "updateCase": {"status": "CLOSED", "resolution": "DONE"},
    "makePromise": {"what": "Call Ada O'Neil back", "dueAt": "2999-01-01T00:00:00Z"},
    "keepPromise": {},
    "breakPromise": {"outcome": "Bo Ada"},
    "withdrawPromise": {"outcome": "Zoë"},
    "recordConsent": {"purpose": "analytics", "state": "GIVEN"},
    "withdrawConsent": {"purpose": "marketing.email"},
    "setChannelPreference": {"channel": "EMAIL"},
    "confirmConsent": {"token": "a@x.example"},
    "setPreferences": {"decisions": [{"purpose": "analytics", "state": "REFUSED"}], "channel": "EMAIL"},
    "correctAddress": {"line1": "1 Ada", "city": "Bo", "country": "GB", "reason": "said so"},
    "correctName": {"familyName": "Ümit", "reason": "said so"},
    "replayDelivery": {},
    "dismissDelivery": {},
    "confirmReview": {"reason": "Ada O'Neil"},
    "dismissReview": {"reason": "Bo Ada"},
    "placeHold": {"reason": "Zoë Bo"},
    "releaseHold": {},
    "makeRequest": {"kind": "OBJECTION", "note": "Ada O'Neil"},
    "cancelRequest": {},
    "proveIdentity": {"method": "IN_PERSON"},
    "beginRequest": {},
    "extendRequest": {"ground": "COMPLEXITY", "toldAt": NOW, "answer": "Bo Ada"},
    "refuseRequest": {"ground": "EXCESSIVE", "answer": "Zoë"},
    "fulfilRequest": {},
    "liftRestriction": {"reason": "Ümit", "toldAt": NOW},
    "previewErasure": {},
    "eraseCustomer": {"reason": "Zoë Bo", "previewed": "of another"},
    "confirmErasure": {"system": "crm", "reference": "Ada"},
    "liftSuppression": {},
    "proposeDefinition": {"field": "email", "definition": "Zoë Ümit", "reason": "Bo Ada"},
    "acceptDefinition": {"reason": "Zoë Bo"},
    "refuseDefinition": {"reason": "Ada"},
}
DECISIONS = (
    "merge",
    "split",
    "keepApart",
    "undo",
    "attachInteraction",
    "detachInteraction",
    "correctAddress",
    "correctName",
)
"""No silo delivered the records of these worlds: what is decided of visible ones is refused in its own words."""
REFUSALS: Mapping[str, frozenset[str]] = {
    "recordInteraction": frozenset({OfAnotherCustomer.code}),
    "openCase": frozenset({OfAnotherCustomer.code}),
    "makePromise": frozenset({OfAnotherCustomer.code}),
    "keepPromise": frozenset({PromiseClosed.code}),
    "breakPromise": frozenset({PromiseClosed.code}),
    "withdrawPromise": frozenset({PromiseClosed.code}),
    "confirmReview": frozenset({ReviewDecided.code, ValueInvalid.code}),
    "dismissReview": frozenset({ReviewDecided.code}),
    "confirmConsent": frozenset({ConfirmationRefused.code}),
    "cancelRequest": frozenset({RequestStepRefused.code}),
    "proveIdentity": frozenset({RequestStepRefused.code}),
    "beginRequest": frozenset({RequestStepRefused.code}),
    "extendRequest": frozenset({RequestStepRefused.code, ExtensionRefused.code}),
    "refuseRequest": frozenset({RequestStepRefused.code, RefusalRefused.code}),
    "fulfilRequest": frozenset({RequestStepRefused.code, FulfilmentMissing.code}),
    "liftRestriction": frozenset({RequestStepRefused.code}),
    "previewErasure": frozenset({SubjectHeld.code}),
    "eraseCustomer": frozenset({SubjectHeld.code, PreviewOutdated.code}),
    "confirmErasure": frozenset({ErasedAlready.code}),
    "liftSuppression": frozenset({ErasedAlready.code}),
    "acceptDefinition": frozenset({ProposalClosed.code, NotTheOwner.code}),
    "refuseDefinition": frozenset({ProposalClosed.code, NotTheOwner.code}),
}
"""With what a change of visible records may be refused: a task that is decided, or that is about somebody else; a
request or promise that is in another state, which whoever may change it sees; a case of another customer.
"""


ELSEWHERE = frozenset({"logOutreach"})
"""Whether a message may be sent is told by more than what is seen, on purpose: test_contacting proves how little."""


async def fault_of_changes(database: Database, seed: int, name: str, purpose: str) -> str:
    """What is wrong with the changes of a round; empty where nothing is."""
    drawn = prepare(seed, name, purpose, 0, 1)
    answers: list[list[bytes]] = []
    for world in drawn.worlds:
        await store(database, world)
        at = scene(drawn, database)
        told: list[bytes] = []
        for mutation in at.schema.mutations.values():
            gives = at.schema.graphql.type_map[mutation.gives]
            assert isinstance(gives, GraphQLObjectType)
            shown = selection(gives)
            input_ = f"{mutation.input.__name__}!"
            text = (
                f"mutation ($i: {input_}) {{ m: {mutation.name}(input: $i) {{ r: {mutation.field} {{ {shown} }} }} }}"
            )
            again = f"query ($id: ID!) {{ r: node(id: $id) {{ ... on {mutation.gives} {{ {shown} }} }} }}"
            if mutation.name in ELSEWHERE:
                continue
            if mutation.target is None:
                told += (proposed := await _proposed(at, mutation, text, again))[0]
                if proposed[1]:
                    return f"{mutation.name}: {proposed[1]}"
                continue
            if mutation.name in DECISIONS:
                told += (found := await _decided(at, mutation, text))[0]
                if found[1]:
                    return f"{mutation.name}: {found[1]}"
                continue
            for number, (target, beside) in enumerate(
                product(targets(drawn, mutation.target), _beside(drawn, mutation))
            ):
                given = {str(mutation.names): target, "idempotencyKey": f"k{number}", **INPUTS[mutation.name], **beside}
                result = await at.run(text, {"i": given})
                told.append(asking.body(result))
                named = chain(*(one if isinstance(one, list) else [one] for one in beside.values()))
                if fault := await _fault_of(at, result, again, mutation, (target, *named)):
                    return f"{mutation.name}: {fault}"
        answers.append(told)
    differ = [pair for pair in zip(*answers, strict=True) if pair[0] != pair[1]]
    return f"the worlds differ: {differ[0]}" if differ else ""


def _beside(drawn: Round, mutation: Mutation) -> list[dict[str, Any]]:
    """What a change may name besides its record: nothing, or any record that a viewer may name."""
    lists = [mutation.also] if mutation.also else []
    return [
        {},
        *({name: [one]} for name, type_ in lists for one in targets(drawn, type_)),
        *({name: one} for name, type_ in mutation.related for one in targets(drawn, type_)),
    ]


async def _fault_of(at: Scene, result: ExecutionResult, again: str, mutation: Mutation, named: Iterable[str]) -> str:
    target, *others = named
    seen = at.drawn.seen.nodes
    visible = target in seen and seen[target].type == mutation.target and all(one in seen for one in others)
    made = (result.data or {}).get("m")
    codes = [str((error.extensions or {}).get("code")) for error in result.errors or ()]
    if not visible:
        return "" if made is None and codes == [NotThere.code] else f"a hidden record was told apart: {codes}"
    if made is None and codes and REFUSALS.get(mutation.name, frozenset()).issuperset(codes):
        return ""
    if made is None or result.errors:
        return f"a visible record could not be changed: {result.errors}"
    id_ = made["r"]["id"] if made["r"] else None
    read = await at.run(again, {"id": id_ or "con_nowhere"})
    return "" if (read.data or {}).get("r") == made["r"] else "the payload is not what a query tells"


async def _proposed(at: Scene, mutation: Mutation, text: str, again: str) -> tuple[list[bytes], str]:
    """The answers to proposals on fields that the role has, on others, and on none; and what is wrong with them.

    A field that the role does not have is one that there is not.
    """
    told, refused = [], set()
    for coordinate in COORDINATES:
        type_, _, field = coordinate.partition(".")
        said = {**INPUTS[mutation.name], "type": type_, "field": field}
        result = await at.run(text, {"i": {**said, "idempotencyKey": coordinate}})
        told.append(asking.body(result))
        seen = at.schema.graphql.type_map.get(type_)
        if not isinstance(seen, GraphQLObjectType) or field not in seen.fields:
            refused.add(told[-1])
        elif result.errors:
            return told, f"{coordinate} is the role's, and nothing may be proposed: {result.errors}"
        else:
            made = (result.data or {})["m"]["r"]
            read = await at.run(again, {"id": made["id"]})
            if (read.data or {}).get("r") != made:
                return told, "the payload is not what a query tells"
    return told, "" if len(refused) == 1 else f"a field of others is told apart from none: {refused}"


async def _decided(at: Scene, mutation: Mutation, text: str) -> tuple[list[bytes], str]:
    """The answers to decisions on every two records that a viewer may name, and what is wrong with them."""
    told = []
    others = [[one] for one in targets(at.drawn, mutation.also[1])] if mutation.also else [[]]
    for target in targets(at.drawn, str(mutation.target)):
        for other in others:
            one = mutation.name == "attachInteraction"  # which takes one customer and no list
            beside = {mutation.also[0]: other[0] if one else other} if mutation.also else {}
            said = {"reason": "seen", **INPUTS.get(mutation.name, {})}
            result = await at.run(text, {"i": {str(mutation.names): target, **said, **beside}})
            told.append(asking.body(result))
            visible = all(one in at.drawn.seen.nodes for one in (target, *other))
            codes = {str((error.extensions or {}).get("code")) for error in result.errors or ()}
            expected = (
                {DecisionImpossible.code, DecisionSuperseded.code, CorrectionImpossible.code}
                if visible
                else {NotThere.code}
            )
            if not codes or not codes <= expected:
                return told, f"{target} and {other} are {'seen' if visible else 'hidden'}: {codes}"
    return told, ""
