"""The View: the graph as one role sees it for one purpose. It is all that the planner is given.

A field here is not 'allowed' or 'denied': it is an expression, or it is not there. Only `auth.narrow` makes a View.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from graph.expr import Expr
from schema.enums import CallerFact
from schema.model import Edge, Property


class Reason(StrEnum):
    """Why a value is not shown as it is."""

    POLICY = "POLICY"
    MASKED = "MASKED"
    NO_LEGAL_BASIS = "NO_LEGAL_BASIS"
    CONDITION = "CONDITION"
    AGGREGATE = "AGGREGATE"
    ERASED = "ERASED"


@dataclass(frozen=True, slots=True)
class FieldView:
    """One property as the role sees it.

    `output` is what it reads as; `compared` is what filters and orders read, None where there are none;
    `plain` says that both are the raw value for every row. `found_by` is the entry of the blind index by which what is
    sealed is found as a whole, None where the role may not look for it.
    """

    property: Property
    output: Expr
    compared: Expr | None
    plain: bool
    found_by: Expr | None = None

    def is_filter(self) -> bool:
        """Whether rows may be chosen by it."""
        return self.compared is not None or self.found_by is not None


@dataclass(frozen=True, slots=True)
class Withheld:
    """A field that is not shown, always (`rule` is None) or where the rule's value is `holds`; but shown where the
    rule `unless` holds, which says that it is revealed.
    """

    field: str
    reason: Reason
    rule: int | None = None
    holds: bool = True
    unless: int | None = None


@dataclass(frozen=True, slots=True)
class Guarded:
    """A field of which groups alone are told. Its sums are rounded to multiples of `step`, in the stored unit."""

    property: Property
    step: int


@dataclass(frozen=True, slots=True)
class TypeView:
    """One node type as the role sees it. `rows` says which nodes there are; `rules` are computed once a row.

    `guarded` are told of groups alone, and those are unions of the groups that `atoms` make. `reveals` are the fields
    that may be revealed of one node for a while.
    """

    name: str
    rows: Expr
    rules: tuple[Expr, ...]
    fields: Mapping[str, FieldView]
    edges: Mapping[str, Edge]
    withheld: tuple[Withheld, ...]
    find_by: frozenset[str]
    unattributed: Expr
    guarded: Mapping[str, Guarded] = field(default_factory=dict)
    atoms: tuple[str, ...] = ()
    reveals: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Telling:
    """Which groups are told: of at least `minimum` persons.

    Of guarded fields only those in which the second largest contribution cannot tell the largest to within `percent`.
    """

    minimum: int = 5
    percent: int = 10


@dataclass(frozen=True, slots=True)
class Verifying:
    """With which facts of a customer a caller's answer may be compared, and how many wrong answers within `minutes`
    there may be: about one customer, and of one viewer.
    """

    facts: frozenset[CallerFact] = frozenset()
    of_customer: int = 3
    of_viewer: int = 10
    minutes: int = 30


@dataclass(frozen=True, slots=True)
class View:
    """The whole graph as one role sees it for one purpose; holds names of claims, never their values.

    `changes` are the names of what the role may change, `contacts` the purposes for which it may contact customers.
    `exports` says whether whole types may leave as files, and `pseudonymous` whether the ids in them are names of the
    viewer's project.
    """

    role: str
    purpose: str
    types: Mapping[str, TypeView]
    claims: Mapping[str, str]
    groups: Telling = field(default_factory=Telling)
    reveal_minutes: int = 15
    explains: bool = False
    changes: frozenset[str] = frozenset()
    verifying: Verifying = field(default_factory=Verifying)
    exports: bool = False
    contacts: frozenset[str] = frozenset()
    pseudonymous: bool = False
