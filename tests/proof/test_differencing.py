"""What is left when tables are subtracted from each other (docs/decisions/0010-aggregates.md).

Plain tables say nothing that their viewer could not count from rows. Figures of what groups alone may tell are sums of
whole atoms, which no question can cut.
"""

import random
from collections.abc import Iterator
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from graphql import get_named_type, is_object_type, parse, parse_value, value_from_ast
from graphql.execution.values import get_variable_values

import auth.narrow
import graph.aggregate
from auth.narrow import narrow
from auth.policy import load_policies
from graph.expr import NULL, Expr, If, Prop
from graph.view import FieldView, TypeView
from resolvers.role_schema import RoleSchema
from schema.catalogue import complete_model
from schema.errors import DocumentInvalid
from schema.model import MODEL, Property
from tests.golden_cases import Compiled, compiled_with
from tests.proof.asking import asker, policies, role
from tests.proof.oracle import holds
from tests.proof.oracle_sight import project
from tests.proof.questions import Question, Writer, pools_of
from tests.proof.rounds import standpoints
from tests.proof.worlds import world

complete_model()
GUARDING = [
    (name, purpose, kind)
    for name, policy in load_policies().items()
    for purpose in policy.said.purposes
    for kind, seen in narrow(MODEL, policy, purpose).types.items()
    if seen.guarded
]


def is_shown(output: Expr, compared: Expr) -> bool:
    """Whether what is compared can be read in the rows, whichever way a condition turns out."""
    match output, compared:
        case _, value if value == NULL:
            return True
        case If(test, then, other), If(same, one, two):
            return test == same and is_shown(then, one) and is_shown(other, two)
        case Prop(), Prop():
            return output == compared
    return False


def hidden_in_rows(name: str, purpose: str) -> list[str]:
    """Fields that make, filter or fill plain groups although rows do not show them; and tables without a list."""
    view = narrow(MODEL, policies()[name], purpose)
    schema = RoleSchema(view).graphql
    assert schema.query_type is not None
    found = []
    for held in schema.get_type("Aggregate").fields.items():  # type: ignore[union-attr]  # an object type
        kind = next(kind.name for kind in MODEL.values() if kind.plural == held[0])
        listed = schema.query_type.fields.get(held[0])
        if listed is None or set(held[1].args) - {"first", "orderBy"} - set(listed.args):
            found.append(f"{kind} has a table and no list with the same filter")
        found += [
            f"{kind}.{field}" for field in _used(view.types[kind], schema) if not _is_read(view.types[kind], field)
        ]
    return found


def _used(seen: TypeView, schema: Any) -> Iterator[str]:
    for made in ("Key", "Figures", "Filter"):
        fields = getattr(schema.get_type(f"{seen.name}{made}"), "fields", {})
        yield from (field for field in fields if field not in ("and", "or", "not") and field not in seen.guarded)


def _is_read(seen: TypeView, field: str) -> bool:
    held = seen.fields[field]
    if held.property.sealed:
        return held.found_by is not None and is_shown(_indexed(held.output, held.property), held.found_by)
    return held.compared is not None and is_shown(held.output, held.compared)


def _indexed(output: Expr, held: Property) -> Expr:
    """The entry of the blind index where a sealed value is shown: it says whether that is the value, and no more."""
    match output:
        case If(test, then, other):
            return If(test, _indexed(then, held), _indexed(other, held))
        case Prop(name) if name == held.name and held.found_by is not None:
            return Prop(held.found_by)
    return output


@pytest.mark.parametrize(("name", "purpose"), standpoints())
def test_plain_tables_are_made_of_what_rows_show(name: str, purpose: str) -> None:
    """So subtracting them from each other gives nothing that a list with the same filter does not give."""
    assert hidden_in_rows(name, purpose) == []


def test_a_table_of_masked_values_would_be_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same comparison sees groups made by what rows show masked."""
    whole = auth.narrow._Narrowing.field

    def comparing(self: Any, held: Any, grant: Any) -> FieldView:
        made = whole(self, held, grant)
        return replace(made, compared=Prop(held.name)) if made.compared is None else made

    monkeypatch.setattr(auth.narrow._Narrowing, "field", comparing)
    assert "Customer.birthDate" in hidden_in_rows("service_rep", "service")


@pytest.mark.parametrize(("name", "purpose", "kind"), GUARDING)
def test_no_filter_cuts_an_atom(name: str, purpose: str, kind: str) -> None:
    """Whatever is asked of the fields that the policy names holds for a whole atom or for none of it."""
    assert sum(_cutting(name, purpose, kind, seed) for seed in range(7, 12)) > 5, "filters that keep all prove nothing"


def _cutting(name: str, purpose: str, kind: str, seed: int) -> int:
    """How many of some filters keep a part of a world; none of them keeps a part of an atom."""
    of, chance = role(name, purpose), random.Random(seed)
    atoms = of.view.types[kind].atoms
    type_ = of.bare.get_type(f"{kind}Filter")
    allowed: Any = SimpleNamespace(fields={one: type_.fields[one] for one in (*atoms, "and", "or", "not")})
    made, cutting = world(chance, 12), 0
    seen = project(made, of.policy, asker(chance, made, name, purpose))
    rows, pools = [one for one in seen.nodes.values() if one.type == kind], pools_of(made)
    for _ in range(60):
        writer = Writer(of.bare, chance)
        text = writer.filter(allowed, 3)
        declared = parse(f"query({', '.join(f'${one}: {held}' for one, held in writer.declared) or '$v: Int'}) {{ x }}")
        given = Question("", tuple(writer.slots)).variables(chance, pools)
        values = get_variable_values(of.bare, declared.definitions[0].variable_definitions, given)  # type: ignore[attr-defined]  # an operation
        assert not isinstance(values, list)
        where = value_from_ast(parse_value(text), type_, values.coerced)
        outcomes: dict[tuple[Any, ...], set[bool]] = {}
        for row in rows:
            outcomes.setdefault(tuple(row.compared[one] for one in atoms), set()).add(holds(where, row) is True)
        assert all(len(outcome) == 1 for outcome in outcomes.values())
        cutting += len(set().union(*outcomes.values())) > 1
    return cutting


def cuts(name: str, purpose: str, kind: str, *, keys: bool = True) -> list[str]:
    """Questions by other fields that are answered although figures of groups alone are asked for."""
    view = narrow(MODEL, load_policies()[name], purpose)
    schema, seen, answered = RoleSchema(view), view.types[kind], []
    figures = f"figures {{ {' '.join(f'{one} {{ sum }}' for one in seen.guarded)} }}"
    others = [one for one in seen.fields if one not in seen.atoms]
    filters = schema.graphql.get_type(f"{kind}Filter").fields  # type: ignore[union-attr]  # an input type
    asked = []
    for one in (one for one in others if one in filters):
        sign = "isNull: true" if "isNull" in get_named_type(filters[one].type).fields else 'eq: "x"'
        asked.append((f"(where: {{{one}: {{{sign}}}}})", ""))
        asked.append((f"(where: {{or: [{{not: {{{one}: {{{sign}}}}}}}]}})", ""))
    made_by = schema.graphql.get_type(f"{kind}Key").fields  # type: ignore[union-attr]  # an object type
    for one in (one for one in others if one in made_by and keys):
        part = "{ year }" if is_object_type(get_named_type(made_by[one].type)) else ""
        asked += [("", f"by {{ {one} {part} }}")]
    assert len(asked) > 10
    for where, by in asked:
        text = f"{{ aggregate {{ {MODEL[kind].plural}{where} {{ groups {{ {by} {figures} }} }} }} }}"
        found = compiled_with(schema, view, text, {})
        if isinstance(found, Compiled):
            answered.append(text)
        elif found.code != DocumentInvalid.code or not any("told of few groups" in one for one in found.messages):
            answered.append(f"{text}: {found.messages}")
    return answered


@pytest.mark.parametrize(("name", "purpose", "kind"), GUARDING)
def test_figures_of_groups_alone_are_asked_for_by_atoms(name: str, purpose: str, kind: str) -> None:
    """A filter or a group by any other field is refused, however deep it stands."""
    assert cuts(name, purpose, kind) == []


def test_a_filter_that_cuts_atoms_would_be_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same questions find it."""
    monkeypatch.setattr(graph.aggregate, "_check_guarded", lambda seen, by: None)
    assert cuts(*GUARDING[0], keys=False)
