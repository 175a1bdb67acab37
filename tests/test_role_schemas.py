"""One schema for each role: what a role may ask for is agreed, and a change shows who gains what."""

import pytest
from graphql import build_schema, print_schema, validate_schema

from tests.golden_cases import MODEL, ROLES, SDL, schema_of, view_of


@pytest.mark.parametrize("role", ROLES)
def test_the_schema_of_a_role_is_what_was_agreed(role: str, agree: bool) -> None:
    """To the letter."""
    file = SDL / f"{role}.graphql"
    printed = schema_of(role).as_str() + "\n"
    if agree:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(printed, encoding="utf-8")
    assert file.exists(), f"{file.name} is not agreed yet: make agree, and read the difference."
    assert file.read_text(encoding="utf-8") == printed


@pytest.mark.parametrize("role", ROLES)
def test_the_printed_schema_is_a_schema(role: str) -> None:
    """Clients generate code from it."""
    built = build_schema((SDL / f"{role}.graphql").read_text(encoding="utf-8"))
    assert validate_schema(built) == []
    assert set(built.type_map) >= {name for name in MODEL if name in schema_of(role).graphql.type_map}
    assert "Query" in print_schema(built)


@pytest.mark.parametrize("role", ROLES)
def test_a_schema_names_nothing_that_the_view_lacks(role: str) -> None:
    """Types, fields, filters and orders come from the View alone."""
    seen, types = view_of(role).types, schema_of(role).graphql.type_map
    for name, kind in MODEL.items():
        there = getattr(types.get(name), "fields", {})
        expected = {*seen[name].fields, *seen[name].edges, "_withheld"} if name in seen and seen[name].fields else set()
        assert set(there) == expected
        comparable = {field for field, held in seen[name].fields.items() if held.compared} if name in seen else set()
        filters = set(getattr(types.get(f"{name}Filter"), "fields", {})) - {"and", "or", "not"}
        found = {field for field, held in seen[name].fields.items() if held.found_by} if name in seen else set()
        assert filters == comparable | found
        orders = set(getattr(types.get(f"{name}Order"), "fields", {}))
        assert orders == {field for field in comparable if not kind.properties[field].many}


@pytest.mark.parametrize("role", ROLES)
def test_a_field_that_may_be_hidden_may_be_null(role: str) -> None:
    """A promise of a value would be broken wherever the policy hides it."""
    types = schema_of(role).graphql.type_map
    for name, seen in view_of(role).types.items():
        for field, held in seen.fields.items():
            promised = str(types[name].fields[field].type).endswith("!")  # type: ignore[attr-defined]  # an object type
            assert promised == (held.property.required and held.plain)
