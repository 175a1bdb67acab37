"""Plans: which row rules keep the database from using an index. Asked of the graph itself, for each role and type.

A node is looked for by its id and by each field that has an index, once as the role may see it and once as if it saw
all. Where the second looks an entry up and the first walks through them, the row rule is to blame, unless all nodes
have the same value there: then a look-up finds all of them, and the planner may as well walk. No value is read: what is
looked for is not there.
"""

import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from auth.token import Viewer
from graph.emit import Statement, emit
from graph.expr import TRUE, Value
from graph.plan import plan_many, plan_one
from graph.read import ById, ByLabel, Read
from graph.selection import Field, Many, Node, NodeList, One
from graph.session import Database
from graph.view import TypeView, View
from resolvers.bind import bind
from resolvers.cursor import KEY_BYTES, Sealer
from schema.model import MODEL, Scalar
from server.rules import Rules

NOBODY = "nobody"
MOST_VALUES_COMPARED = 10_000
SOUGHT: dict[Scalar, Any] = {
    Scalar.STRING: NOBODY,
    Scalar.INT: -1,
    Scalar.DECIMAL: Decimal(-1),
    Scalar.DATE: date(1, 1, 1),
    Scalar.DATETIME: datetime(1, 1, 1, tzinfo=UTC),
}
CLAIMS: dict[str, Any] = {"string": NOBODY, "integer": 0, "boolean": False, "list[string]": (NOBODY,)}


@dataclass(frozen=True, slots=True)
class Slow:
    """A row rule under which a look-up becomes a walk. `by` is what is looked for, `walks` the operators that walk."""

    role: str
    purpose: str
    type: str
    by: str
    walks: tuple[str, ...]


async def slow_rules(database: Database, rules: Rules) -> tuple[list[Slow], int]:
    """The row rules that cost an index, and how many look-ups use one without them.

    None does in a graph without indexes: then nothing can be told. Raises what the database raises.
    """
    found: list[Slow] = []
    looked_up = 0
    known: dict[str, frozenset[str]] = {}

    async def walks(statement: Statement, view: View) -> frozenset[str]:
        if statement.text not in known:
            profile = await database.profile(statement.text, _parameters(statement, view))
            known[statement.text] = walks_in(profile.operators)
        return known[statement.text]

    for view in rules.views.values():
        for seen in view.types.values():
            if "id" not in seen.fields or seen.rows == TRUE:
                continue
            for by, read in _look_ups(seen, view):
                bare = replace(read, legs=tuple(replace(leg, rows=TRUE) for leg in read.legs))
                without = await walks(emit(bare), view)
                more = await walks(emit(read), view) - without
                looked_up += not without
                if more and not without and await tells_apart(database, seen.name, by):
                    found.append(Slow(view.role, view.purpose, seen.name, by, tuple(sorted(more))))
    return found, looked_up


async def tells_apart(database: Database, label: str, name: str) -> bool:
    """Whether nodes of a type have more than one value of a property, as far as some thousands of them say."""
    (found,) = await database.read(_tells_apart(), {"label": label, "name": name, "most": MOST_VALUES_COMPARED})
    return bool(found)


@lru_cache(maxsize=1)
def _tells_apart() -> str:
    return (Path(__file__).parent / "statements" / "tells_apart.cypher").read_text(encoding="utf-8")


def walks_in(operators: Iterable[str]) -> frozenset[str]:
    """The operators of a plan that go through all entries of a label, a relationship type or an index."""
    return frozenset(name for name in operators if name.endswith("Scan"))


def _look_ups(seen: TypeView, view: View) -> Iterator[tuple[str, Read]]:
    node = Node(seen.name, (("id", Field("id")),))
    yield "id", plan_one(ById(Value(NOBODY, Scalar.ID)), One("node", (node,)), view)[0]
    for held in MODEL[seen.name].properties.values():
        field = seen.fields.get(held.name)
        indexed = held.indexed or held.found_by is not None
        if indexed and field is not None and field.is_filter() and held.scalar in SOUGHT:
            where = {held.name: {"eq": SOUGHT[held.scalar]}}
            asked = Many(MODEL[seen.name].plural, (("nodes", NodeList((node,))),), {"where": where, "first": 10})
            yield held.name, plan_many(ByLabel(), asked, view, seen.name)[0]


def _parameters(statement: Statement, view: View) -> dict[str, Any]:
    claims = MappingProxyType({name: CLAIMS[type_] for name, type_ in view.claims.items()})
    viewer = Viewer(NOBODY, view.role, view.purpose, claims, 0)
    sealer = Sealer(AESSIV(secrets.token_bytes(KEY_BYTES)), (NOBODY, view.role, view.purpose), {})
    return bind(statement, {}, viewer, view, sealer, datetime.now(UTC))
