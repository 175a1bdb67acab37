"""proposeDefinition, acceptDefinition and refuseDefinition: what a field means is changed by two people.

Whoever has a field may propose another definition; who answers for it decides, and never who proposed it. An accepted
one is not in force by that: the registry is a file that is reviewed, and `customer-graph governance proposals` prints
what is to change in it.
"""

from collections.abc import Mapping
from typing import Any

import strawberry

from ingest.changes.texts import reason_of
from ingest.statements import text
from resolvers.mutation import Act, ChangeInput, Mutation, Written
from schema.enums import ProposalState
from schema.errors import NotTheOwner, ProposalClosed, ValueInvalid
from schema.governance import Entry

LONGEST = 300
OFFICES = "offices"
"""The claim that names the owners for whom a viewer decides, as the registry names them; `*` stands for all."""
EVERY = "*"
_DECIDED = ("state", "decidedAt", "decidedBy", "answer", "decider")


@strawberry.input(description="A field is to be defined otherwise.")
class ProposeDefinitionInput(ChangeInput):
    """Another definition."""

    type: str = strawberry.field(description="The type of the field, as in the dictionary: Customer.")
    field: str = strawberry.field(description="The field: birthDate.")
    definition: str = strawberry.field(description="What it is to say, in a line. It is about the field, not a person.")
    reason: str = strawberry.field(description="Why, in a line.")


@strawberry.input(description="A proposed definition is right.")
class AcceptDefinitionInput(ChangeInput):
    """Which proposal is accepted."""

    proposal: strawberry.ID = strawberry.field(description="The proposal.")
    reason: str = strawberry.field(description="Why, in a line.")


@strawberry.input(description="A proposed definition is not right.")
class RefuseDefinitionInput(ChangeInput):
    """Which proposal is refused."""

    proposal: strawberry.ID = strawberry.field(description="The proposal.")
    reason: str = strawberry.field(description="Why, in a line.")


async def propose_definition(act: Act) -> Written:
    """Write the proposal. Raises ValueInvalid for a field that the role does not have, or one that says so already."""
    type_, name = str(act.input["type"]), str(act.input["field"])
    seen = act.view.types.get(type_) if act.view is not None else None
    entry = act.governance.entries.get(f"{type_}.{name}") if seen is not None and name in seen.fields else None
    if entry is None:
        raise ValueInvalid("There is no such field.")
    said = _definition(act.input)
    if said == entry.definition:
        raise ValueInvalid("The field is defined so already.")
    id_ = act.new_id("dfp")
    properties = {
        "id": id_,
        "sourceKey": f"api:{id_}",
        "field": f"{type_}.{name}",
        "definition": said,
        "replaces": entry.definition,
        "state": ProposalState.OPEN.name,
        "proposedAt": act.now,
        "proposedBy": act.viewer.role,
        "reason": reason_of(act),
        "actor": act.viewer.subject,
    }
    await act.run(text("propose_definition"), {"properties": properties})
    return Written(id_, [f"DefinitionProposal.{name}" for name in properties if name not in ("id", "sourceKey")])


async def accept_definition(act: Act) -> Written:
    """Take it. Raises ProposalClosed, also where the field says something else by now; NotTheOwner."""
    return await _decide(act, ProposalState.ACCEPTED)


async def refuse_definition(act: Act) -> Written:
    """Do not take it. Raises ProposalClosed, NotTheOwner."""
    return await _decide(act, ProposalState.REFUSED)


async def _decide(act: Act, state: ProposalState) -> Written:
    (proposal,) = await act.run(text("definition_proposed"), {"proposal": act.record})
    entry = act.governance.entries.get(proposal["field"])
    if proposal["state"] != ProposalState.OPEN.name or entry is None:
        raise ProposalClosed
    if proposal["actor"] == act.viewer.subject or not _answers_for(entry, act.viewer.claims):
        raise NotTheOwner
    if state is ProposalState.ACCEPTED and proposal["replaces"] != entry.definition:
        raise ProposalClosed
    said = {"proposal": act.record, "state": state.name, "now": act.now, "role": act.viewer.role}
    await act.run(text("decide_definition"), said | {"answer": reason_of(act), "decider": act.viewer.subject})
    return Written(act.record, [f"DefinitionProposal.{name}" for name in _DECIDED])


def _answers_for(entry: Entry, claims: Mapping[str, object]) -> bool:
    """Whether someone decides for the owner of a field. Without the claim nobody does."""
    offices = claims.get(OFFICES)
    return isinstance(offices, list | tuple) and (entry.owner in offices or EVERY in offices)


def _definition(given: Mapping[str, Any]) -> str:
    """One line of print, as it can stand in the registry. Raises ValueInvalid."""
    said = " ".join(str(given["definition"]).split())
    if not 0 < len(said) <= LONGEST or not said.isprintable():
        raise ValueInvalid(f"'definition' says in a line, in up to {LONGEST} characters, what the field says.")
    return said


PROPOSE_DEFINITION = Mutation(
    name="proposeDefinition",
    about="Propose another definition of a field. Who answers for the field decides; the dictionary shows both.",
    input=ProposeDefinitionInput,
    names=None,
    target=None,
    gives="DefinitionProposal",
    carry_out=propose_definition,
)
ACCEPT_DEFINITION = Mutation(
    name="acceptDefinition",
    about="Accept another definition of a field that you answer for. It is in force once the registry says so.",
    input=AcceptDefinitionInput,
    names="proposal",
    target="DefinitionProposal",
    gives="DefinitionProposal",
    carry_out=accept_definition,
)
REFUSE_DEFINITION = Mutation(
    name="refuseDefinition",
    about="Refuse another definition of a field that you answer for.",
    input=RefuseDefinitionInput,
    names="proposal",
    target="DefinitionProposal",
    gives="DefinitionProposal",
    carry_out=refuse_definition,
)
