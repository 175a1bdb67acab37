"""The golden questions: what people ask, and what each shipped role's question becomes.

A folder of `tests/golden` is one question: `query.graphql`, `variables.json` where it takes some, `why.md`, and for
every role either `<role>.cypher`, the agreed statements, or `<role>.refused`, the agreed refusal. A variable written
`cus_@busiest` or `@email` stands for what `tests/sample.py` finds under that name in the sample company, `@cursor:2`
for the third cursor of the same question asked without one.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import orjson
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from graphql import GraphQLError, OperationDefinitionNode, parse, validate

from auth.narrow import narrow
from auth.policy import load_policies
from auth.token import Viewer
from graph.cypher import Parameter
from graph.expr import CursorKey, Sending, Value, Variable
from graph.search import Words
from graph.view import View
from resolvers.budget import Budget
from resolvers.prepare import Handle, Plan, Plans, Prepared
from resolvers.read import CompiledRead, Reader, Request
from resolvers.role_schema import RoleSchema
from resolvers.variables import coerced
from schema.catalogue import complete_model
from schema.errors import CustomerGraphError, DocumentInvalid
from server.api import role_schema
from tests.keeping import Kept

GOLDEN = Path(__file__).parent / "golden"
SDL = GOLDEN / "schema"
MODEL = complete_model()
POLICIES = load_policies()
ROLES = tuple(sorted(POLICIES))
NOW = datetime(2026, 11, 1, tzinfo=UTC)
CIPHER = AESSIV(bytes(range(64)))
CURSOR = re.compile(r"^@cursor:(\d+)$")


@dataclass(frozen=True, slots=True)
class Question:
    """One question that people ask."""

    name: str
    text: str
    variables: Mapping[str, Any]

    @property
    def folder(self) -> Path:
        """Where it stands."""
        return GOLDEN / self.name


@dataclass(frozen=True, slots=True)
class Refused:
    """A question that a role cannot ask: the code and one message a fault."""

    code: str
    messages: tuple[str, ...]

    def written(self) -> str:
        """The content of the golden file."""
        return "\n".join((self.code, *self.messages)) + "\n"


@dataclass(frozen=True, slots=True)
class Compiled:
    """What a question becomes for a role."""

    plan: Plan

    def written(self) -> str:
        """The content of the golden file: each root's statement, and what its parameters are filled from."""
        return "\n".join(_block(root) for root in self.plan.roots)

    @property
    def texts(self) -> tuple[str, ...]:
        """The statements."""
        return tuple(root.statement.text for root in self.plan.roots if root.statement)


@cache
def questions() -> tuple[Question, ...]:
    """Every question, by name."""
    return tuple(
        Question(
            folder.name,
            (folder / "query.graphql").read_text(encoding="utf-8"),
            orjson.loads(file.read_bytes()) if (file := folder / "variables.json").exists() else {},
        )
        for folder in sorted(GOLDEN.iterdir())
        if folder.is_dir() and folder != SDL
    )


def by_name(question: Question) -> str:
    """How a question is shown among the tests."""
    return question.name


@cache
def view_of(role: str) -> View:
    """The graph as a shipped role sees it for the first of its purposes."""
    return narrow(MODEL, POLICIES[role], POLICIES[role].said.purposes[0])


@cache
def schema_of(role: str) -> RoleSchema:
    """The schema of a shipped role."""
    return role_schema(view_of(role), [CompiledRead])


def viewer_of(role: str, subject: str = "someone") -> Viewer:
    """Someone who works in a role, with the claims that its policy gives as an example."""
    said = POLICIES[role].said
    claims = {name: tuple(value) if isinstance(value, list) else value for name, value in said.example_claims.items()}
    return Viewer(subject, role, said.purposes[0], claims, 2**40)


def request_of(role: str, database: Reader, subject: str = "someone", budget: Budget | None = None) -> Request:
    """All that a request of a role brings, with a fixed time and key."""
    return Request(viewer_of(role, subject), view_of(role), database, Plans(), CIPHER, NOW, Kept(), budget or Budget())


def compiled(question: Question, role: str) -> Compiled | Refused:
    """What the question becomes for the role, without a database."""
    return compiled_with(schema_of(role), view_of(role), question.text, question.variables)


def compiled_with(schema: RoleSchema, view: View, text: str, variables: Mapping[str, Any]) -> Compiled | Refused:
    """What a document with its one operation becomes for a View."""
    document = parse(text)
    faults = validate(schema.graphql, document, hide_suggestions=True)
    if faults:
        return Refused(DocumentInvalid.code, tuple(dict.fromkeys(_told(fault) for fault in faults)))
    (operation,) = (one for one in document.definitions if isinstance(one, OperationDefinitionNode))
    try:
        values = coerced(schema.graphql, operation, variables)
        return Compiled(Plans().plan(schema, view, document, text, operation, values, Budget()))
    except CustomerGraphError as refusal:
        return Refused(refusal.code, (str(refusal),))


def _told(fault: GraphQLError) -> str:
    places = [f"{place.line}:{place.column} " for place in fault.locations or ()]
    return f"{''.join(places[:1])}{fault.message}"


def _block(root: Prepared) -> str:
    if root.statement is None:
        return f"// root: {root.key}\n// answered without a statement\n"
    filled = "".join(f"// ${name}: {_source(held)}\n" for name, held in root.statement.parameters.items())
    return f"// root: {root.key}\n{filled}{root.statement.text}"


def _source(held: Parameter) -> str:
    match held:
        case int():
            return f"{held}"
        case CursorKey(cursor, index, scalar):
            return f"key {index} of the cursor in {_of(cursor.of)}, {scalar}"
        case Value(Handle(kind, value), _, _):
            return f"spellings of {_of(value)} as {_of(kind)}"
        case Value(Sending(part), _, _):
            return f"{part}, of what is asked and by the rules of contact"
        case Value(Words(of), _, _):
            return f"the words of {_of(of)}"
        case Value(of, _, _, (label, name)):
            return f"entry of {_of(of)} in the blind index of {label}.{name}"
        case Value(of, scalar, many):
            return f"{_of(of)}, {f'[{scalar}]' if many else scalar}"


def _of(value: object) -> str:
    match value:
        case Variable(path):
            return "variable " + ".".join(str(step) for step in path)
        case list() | tuple():
            return "[" + ", ".join(_of(one) for one in value) + "]"
        case _:
            return repr(getattr(value, "name", value))
