"""Mutations as packages declare them: what is changed, who must be visible for it, and how it is written.

A package above declares its own and `server.api` lists all. What a role may change is named in its policy; the rest is
not in its schema. `resolvers.change` carries them out, so that none of them decides for itself what a viewer may see.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any, Optional, Protocol, TypeVar

import strawberry

from auth.token import Viewer
from graph.session import Run
from graph.vault.vault import PLAIN, Keys
from graph.view import View
from resolvers.reveal_mutation import ABOUT as ABOUT_REVEAL
from resolvers.reveal_mutation import REVEAL
from resolvers.reveal_mutation import resolve as resolve_reveal
from resolvers.verify_mutation import ABOUT as ABOUT_VERIFY
from resolvers.verify_mutation import VERIFY
from resolvers.verify_mutation import resolve as resolve_verify
from schema.contact_rules import ContactRules, shipped_contact_rules
from schema.generate import lazily
from schema.governance import Governance, shipped_governance

Answer = TypeVar("Answer")
NewId = Callable[[str], str]
"""A new id with the given prefix."""


class Writer(Protocol):
    """What changes need of the database."""

    async def transaction(self, work: Callable[[Run], Awaitable[Answer]]) -> Answer:
        """What the work returns, once it is durable. What it raises undoes everything."""
        ...


@strawberry.input
class ChangeInput:
    """What every change takes."""

    idempotency_key: str | None = strawberry.field(
        default=strawberry.UNSET,
        description="A name of your choice for this change: sent again with the same one it is not made again.",
    )
    client_mutation_id: str | None = strawberry.field(
        default=strawberry.UNSET, description="Comes back as it was sent (Relay)."
    )


@dataclass(frozen=True, slots=True)
class Act:
    """One change under way, within its transaction: the record is visible to the viewer, and locked.

    `record` is empty where the change names none.
    `seen` are the fields of the record that the mutation reads, as the viewer sees them; `change` is the id of the
    Change that remembers it; `keys` seal and open secret values; `governance` says what has to stay,
    `view` what the viewer sees, `contact_rules` how customers are contacted.
    """

    input: Mapping[str, Any]
    record: str
    seen: Mapping[str, Any]
    viewer: Viewer
    now: datetime
    new_id: NewId
    run: Run
    change: str
    keys: Keys = PLAIN
    governance: Governance = field(default_factory=shipped_governance)
    view: View | None = None
    contact_rules: ContactRules = field(default_factory=shipped_contact_rules)


@dataclass(frozen=True, slots=True)
class Written:
    """What a change came to: the record that the payload shows, and the fields that were written, as `Case.status`.

    `about` are ids of customers whom it is about beside those of the records that were named.
    """

    record: str
    fields: Sequence[str]
    about: Sequence[str] = ()


def as_it_is(view: View) -> View:
    """The View of the viewer, unchanged."""
    return view


@dataclass(frozen=True, slots=True)
class Mutation:
    """One mutation. `names` is the field of its input that names the record, a `target`; `gives` is the payload's type.

    Both are None where it is about no record that is there: then it makes one.

    `carry_out` writes; it may raise ValueInvalid, and is told nothing that the viewer may not see. `reads` are fields
    of the target that it needs. `also` is a field of its input that names more records, and their type: these have to
    be visible, too. `related` are fields of its input that may name a further record each, and its type: it has to be
    visible, and of the customer whom the target is about, where it is of any. `through` is the View by which the
    payload is read: a mutation that opens something for the viewer who asked gives another than the viewer's own.
    """

    name: str
    about: str
    input: type
    names: str | None
    target: str | None
    gives: str
    carry_out: Callable[[Act], Awaitable[Written]]
    reads: tuple[str, ...] = ()
    also: tuple[str, str] | None = None
    related: tuple[tuple[str, str], ...] = ()
    through: Callable[[View], View] = as_it_is

    @property
    def field(self) -> str:
        """The field of the payload that holds the record."""
        return self.gives[0].lower() + self.gives[1:]


def mutation_type(mutations: Sequence[Mutation]) -> type:
    """The GraphQL type Mutation."""
    cls = type("Mutation", (), {"__doc__": "What can be changed.", "__annotations__": {}})
    for one in mutations:
        setattr(cls, one.name, strawberry.field(_resolver(one), name=one.name, description=one.about))
    setattr(cls, REVEAL, strawberry.field(resolve_reveal, name=REVEAL, description=ABOUT_REVEAL))
    setattr(cls, VERIFY, strawberry.field(resolve_verify, name=VERIFY, description=ABOUT_VERIFY))
    return strawberry.type(cls, description=cls.__doc__)


def _resolver(one: Mutation) -> Callable[..., Any]:
    """For the schema's sake: `resolvers.change` answers before it is called."""

    def resolve(self: Any, input: Any) -> Any:
        raise NotImplementedError(f"{one.name} is carried out by resolvers.change")

    resolve.__annotations__ = {"input": one.input, "return": Optional[_payload(one.name, one.field, one.gives)]}  # noqa: UP045  made at run time
    resolve.__name__ = one.name
    return resolve


@cache
def _payload(name: str, field: str, gives: str) -> type:
    cls = type(f"{name[0].upper()}{name[1:]}Payload", (), {"__annotations__": {}})
    for part, type_, about in (
        (field, Optional[lazily(gives)], "The record as you see it now."),  # noqa: UP045  a lazy reference
        ("clientMutationId", Optional[str], "As it was sent."),  # noqa: UP045  made at run time
    ):
        cls.__annotations__[part] = type_
        setattr(cls, part, strawberry.field(name=part, description=about))
    return strawberry.type(cls, description=f"What {name} came to.")
