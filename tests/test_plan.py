"""Statements: the text depends on what is asked, never on how it is spelt and never on values."""

from collections.abc import Mapping
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph.expr import Value
from resolvers.bind import bind
from resolvers.cursor import Sealer
from schema.errors import CustomerGraphError
from tests.golden_cases import CIPHER, NOW, Compiled, compiled_with, schema_of, view_of, viewer_of

ROLE = "service_rep"


def compiled(text: str, **variables: Any) -> Compiled:
    """What a document becomes for a rep."""
    made = compiled_with(schema_of(ROLE), view_of(ROLE), text, variables)
    assert isinstance(made, Compiled), made
    return made


def bound(made: Compiled, variables: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The parameters of every statement."""
    viewer = viewer_of(ROLE)
    sealer = Sealer(CIPHER, (viewer.subject, viewer.role, viewer.purpose), variables)
    statements = [root.statement for root in made.plan.roots if root.statement]
    return [bind(one, variables, viewer, view_of(ROLE), sealer, NOW) for one in statements]


SAME: Mapping[str, tuple[str, ...]] = {
    "aliases": (
        "{ customers(first: 3) { nodes { id name } } }",
        "{ c: customers(first: 3) { n: nodes { key: id called: name } } }",
    ),
    "order of fields": (
        "{ customers(first: 3) { nodes { id name email _withheld { field } } } }",
        "{ customers(first: 3) { nodes { _withheld { field } email name id } } }",
    ),
    "fragments": (
        "{ customers { nodes { id name } } }",
        "{ customers { ...C } } fragment C on CustomerConnection { nodes { ... on Node { id } ... { name } } }",
    ),
    "repeated fields": (
        "{ customers { nodes { id name } } }",
        "{ customers { nodes { id } nodes { name id name } } }",
    ),
    "directives": (
        "{ customers { nodes { id } } }",
        "{ customers { nodes { id name @skip(if: true) } totalCount @include(if: false) } }",
    ),
    "nodes or edges": (
        "{ customers { nodes { id } } }",
        "{ customers { edges { node { id } } } }",
    ),
    "type names": (
        "{ customers { nodes { id } } }",
        "{ customers { __typename nodes { __typename id } } }",
    ),
    "page sizes": (
        "{ customers(first: 3) { nodes { id } } }",
        "{ customers(first: 300) { nodes { id } } }",
    ),
    "values": (
        '{ customers(where: { region: { eq: "GB" } }) { nodes { id } } }',
        '{ customers(where: { region: { eq: "\' OR 1=1 //" } }) { nodes { id } } }',
    ),
    "order of arguments": (
        '{ customers(first: 2, where: { region: { eq: "GB" } }) { nodes { id } } }',
        '{ customers(where: { region: { eq: "GB" } }, first: 2) { nodes { id } } }',
    ),
    "lengths of lists": (
        '{ customers(where: { region: { in: ["GB"] } }) { nodes { id } } }',
        '{ customers(where: { region: { in: ["GB", "DE", "US"] } }) { nodes { id } } }',
    ),
}


@pytest.mark.parametrize("case", SAME)
def test_what_is_asked_alike_has_one_text(case: str) -> None:
    """Neo4j plans a text once; a second spelling costs a hundred times as much."""
    first, *others = (compiled(text).texts for text in SAME[case])
    assert all(other == first for other in others)


def test_a_literal_and_a_variable_have_one_text() -> None:
    """Whichever way a client passes a value."""
    literal = compiled('{ customers(first: 2, where: { region: { eq: "GB" } }) { nodes { id } } }')
    variable = compiled(
        "query ($n: Int, $w: CustomerFilter) { customers(first: $n, where: $w) { nodes { id } } }",
        n=7,
        w={"region": {"eq": "DE"}},
    )
    assert literal.texts == variable.texts


DIFFERENT: Mapping[str, tuple[str, str]] = {
    "direction": (
        "{ customers(orderBy: [{ name: ASC }]) { nodes { id } } }",
        "{ customers(orderBy: [{ name: DESC }]) { nodes { id } } }",
    ),
    "truth": (
        "{ customers(where: { name: { isNull: true } }) { nodes { id } } }",
        "{ customers(where: { name: { isNull: false } }) { nodes { id } } }",
    ),
    "end of the list": ("{ customers(first: 3) { nodes { id } } }", "{ customers(last: 3) { nodes { id } } }"),
}


@pytest.mark.parametrize("case", DIFFERENT)
def test_what_changes_the_question_changes_the_text(case: str) -> None:
    """A truth, a direction or an end that became a parameter would be planned wrongly."""
    first, second = (compiled(text).texts for text in DIFFERENT[case])
    assert first != second


# Values never appear in the text.

MARK = "7f3a"
HOSTILE = st.one_of(
    st.sampled_from(
        (
            f"' OR 1=1 //{MARK}",
            f'" }} ) RETURN n //{MARK}',
            f"\\' {MARK}",
            f"`{MARK}`",
            f"}} MATCH (x) DETACH DELETE x //{MARK}",
            f"$actor_id {MARK}",
            f"\u2019; {MARK}\n\r\t\u0000",
            f"%s {{0}} {{p0}} {MARK}",
        )
    ),
    st.text(max_size=30).map(lambda text: text + MARK),
)
HARMLESS = f"x{MARK}"

PLACES: Mapping[str, tuple[str, str]] = {
    "node id": ("query ($v: ID!) { node(id: $v) { id } }", "{ node(id: %s) { id } }"),
    "customer id": ("query ($v: ID!) { customer(id: $v) { id } }", "{ customer(id: %s) { id } }"),
    "handle": (
        "query ($v: String!) { callers(identity: { kind: EMAIL, value: $v }) { nodes { id } } }",
        "{ callers(identity: { kind: EMAIL, value: %s }) { nodes { id } } }",
    ),
    **{
        f"name {sign}": (
            f"query ($v: String!) {{ customers(where: {{ name: {{ {sign}: $v }} }}) {{ nodes {{ id }} }} }}",
            f"{{ customers(where: {{ name: {{ {sign}: %s }} }}) {{ nodes {{ id }} }} }}",
        )
        for sign in ("eq", "ne", "startsWith", "endsWith", "contains")
    },
    **{
        f"conditional {sign}": (
            f"query ($v: [String!]!) {{ customers(where: {{ not: {{ email: {{ {sign}: $v }} }} }}) {{ totalCount }} }}",
            f"{{ customers(where: {{ not: {{ email: {{ {sign}: [%s] }} }} }}) {{ totalCount }} }}",
        )
        for sign in ("in", "notIn")
    },
    "list has": (
        "query ($v: String!) { employees(where: { languages: { has: $v } }) { totalCount } }",
        "{ employees(where: { languages: { has: %s } }) { totalCount } }",
    ),
    "id in a filter": (
        "query ($v: ID!) { customers(where: { or: [{ id: { eq: $v } }] }) { nodes { id } } }",
        "{ customers(where: { or: [{ id: { eq: %s } }] }) { nodes { id } } }",
    ),
    "nested": (
        "query ($v: String!) { customers { nodes { cases(where: { and: { number: { eq: $v } } }) { totalCount } } } }",
        "{ customers { nodes { cases(where: { and: [{ number: { eq: %s } }] }) { totalCount } } } }",
    ),
}


def literal(value: str) -> str:
    """A value as a GraphQL string literal."""
    return orjson.dumps(value).decode()


@pytest.mark.parametrize("place", PLACES)
@settings(max_examples=25, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
@given(value=HOSTILE)
def test_a_value_ends_up_in_a_parameter_and_nowhere_else(place: str, value: str) -> None:
    """In every argument, as literal and as variable: the text is that of a harmless value."""
    by_variable, by_literal = PLACES[place]
    prefix = "cus_" if place == "node id" else ""  # without it there is nothing to read
    value = prefix + value
    several = "[String!]!" in by_variable
    harmless = compiled(by_variable, v=[HARMLESS] if several else prefix + HARMLESS)
    made = compiled(by_variable, v=[value] if several else value)
    written = compiled(by_literal % literal(value))
    assert made.texts == harmless.texts == written.texts
    assert MARK not in "".join(made.texts)
    if place != "handle":
        (parameters,) = bound(made, {"v": [value] if several else value})
        assert [value] in parameters.values() if several else value in parameters.values()
        assert bound(written, {}) == [parameters]


@settings(max_examples=25, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
@given(cursor=HOSTILE)
def test_a_forged_cursor_reaches_no_statement(cursor: str) -> None:
    """It is opened before anything is asked, and refused by one answer."""
    text = "query ($v: String) { customers(after: $v, orderBy: [{ name: ASC }]) { nodes { id } } }"
    made = compiled(text, v=cursor)
    assert made.texts == compiled(text, v=HARMLESS).texts
    with pytest.raises(CustomerGraphError) as refusal:
        bound(made, {"v": cursor})
    assert refusal.value.code == "CG203"


def test_names_of_parameters_follow_the_text() -> None:
    """In the order in which they are met, without gaps; equal values share one."""
    made = compiled(
        '{ customers(first: 4, where: { region: { eq: "x" }, segment: { eq: "x" }, name: { eq: "y" } })'
        " { totalCount nodes { id } } }"
    )
    (root,) = made.plan.roots
    assert root.statement is not None
    names = list(root.statement.parameters)
    assert names == [f"p{number}" for number in range(len(names))]
    assert [held.of for held in root.statement.parameters.values() if isinstance(held, Value)] == ["y", "x"]
    places = [root.statement.text.index(f"${name}") for name in names]
    assert places == sorted(places)


def test_claims_and_purpose_are_bound_never_written() -> None:
    """Two reps share a text; so do two purposes."""
    made = compiled("{ customers { nodes { id email } } }")
    (parameters,) = bound(made, {})
    assert parameters["actor_regions"] == ["*"]
    assert parameters["purpose"] == "service"
    assert {"actor_id", "actor_regions"} == {name for name in parameters if name.startswith("actor_")}
    assert "service" not in "".join(made.texts)
