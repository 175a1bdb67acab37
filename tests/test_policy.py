"""Policies: what each says is checked before the server starts, and whatever is unknown means no."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest

from auth.narrow import narrow, status_gate
from auth.policy import load_policies, load_policy
from auth.token import Viewer
from graph.emit import emit
from graph.expr import FALSE, Compare, Const, Or
from graph.plan import plan_many
from graph.read import ByLabel
from graph.selection import Field, Many, Node, NodeList
from graph.view import Reason, View
from resolvers.bind import claim
from resolvers.role_schema import RoleSchema
from schema.errors import ClaimMissing, PolicyInvalid
from schema.purposes import PURPOSES
from tests.golden_cases import MODEL, POLICIES, ROLES, Refused, compiled_with, view_of

HEAD = """role     = "tester"
title    = "Tester"
about    = "Tests."
owner    = "tests"
purposes = ["service"]

[claims]
regions = "list[string]"
level   = "integer"

"""
FIRST = HEAD.count("\n") + 1


def policy_view(tmp_path: Path, said: str, head: str = HEAD) -> View:
    """The View of a policy that says this."""
    file = tmp_path / "tester.toml"
    file.write_text(head + said, encoding="utf-8")
    policy = load_policy(file)
    return narrow(MODEL, policy, policy.said.purposes[0])


def customer_rows(rule: str) -> str:
    """A policy whose customers follow a rule."""
    return f'[see.Customer]\nrows = "{rule}"\nkey = "show"\n'


CUSTOMER = '[see.Customer]\nrows = "all"\nkey = "show"\n'
RULES = {
    "region ==": "this is not an expression",
    "print(1)": "'print(1)' is not part of the rule language",
    "region in ['GB'] in ['DE']": "is not part of the rule language",
    "name": "'name' is not true or false",
    "actor.regions": "'actor.regions' is not true or false",
    "region is 'GB'": "compares in a way that rules do not know",
    "'GB' in region": "'in' takes a text on its left and a list of texts on its right",
    "order_count in actor.regions": "'in' takes a text on its left and a list of texts on its right",
    "order_count == 'GB'": "compares integer with string",
    "actor.regions == actor.regions": "lists are compared with 'in' alone",
    "exists(served_by.members, regions == languages)": "lists are compared with 'in' alone",
    "status == 'ALIVE'": "is not one of ACTIVE, RESTRICTED, DECEASED, ERASED",
    "shoe_size == 44": "Customer has no field 'shoe_size'",
    "actor.shoe_size == 44": "the policy declares no claim 'shoe_size': add it under [claims]",
    "region in []": "'[]' is not part of the rule language",
    "region == 1.5": "'1.5' is not part of the rule language",
    "lawful('world domination')": "lawful() takes 'purpose' or one of service",
    "lawful(region)": "lawful() takes 'purpose' or one of service",
    "exists(friends)": "Customer has no edge 'friends'",
    "exists(interactions.about)": "Interaction.about leads to several types, which rules cannot follow",
    "exists('orders')": "exists() takes a path of edges such as served_by.members",
    "exists(orders, total == 'x')": "compares money with string",
    "__import__('os').system('x')": "is not part of the rule language",
    "not region": "'region' is not true or false",
    "purpose == 'gossip'": "'gossip' is not one of service, ",
    "purpose in ['service', 'gossip']": "'gossip' is not one of service, ",
    "status in ['ACTIVE', 'ALIVE']": "'ALIVE' is not one of ACTIVE, RESTRICTED, DECEASED, ERASED",
    "exists(standings, purpose == 'service')": "Standing has a field of that name: write record.purpose, or actor.pur",
    "record.shoe_size == 44": "Customer has no field 'shoe_size'",
    "created_at > now": "Customer has no field 'now'",
    "created_at > now() - 90": "now() goes on with days(n), a whole number from 1 to 36500",
    "created_at > now() - days(0)": "now() goes on with days(n), a whole number from 1 to 36500",
    "created_at > now() - days(True)": "now() goes on with days(n), a whole number from 1 to 36500",
    "created_at > now() - days(order_count)": "now() goes on with days(n), a whole number from 1 to 36500",
    "created_at > now() * days(2)": "'now() * days(2)' is not part of the rule language",
    "created_at > customer_since": "compares moment with day",
    "region > now()": "compares string with moment or day",
    "order_count < now() - days(3)": "compares integer with moment or day",
    "now() > now() - days(1)": "a rule compares now() with a field",
    "created_at in [now()]": "'[now()]' is not part of the rule language",
    "lambda: True": "is not part of the rule language",
}


@pytest.mark.parametrize("rule", RULES, ids=str)
def test_a_rule_that_says_something_else_is_refused(rule: str, tmp_path: Path) -> None:
    """With the file, the line, the column and what would be right."""
    with pytest.raises(PolicyInvalid) as refusal:
        policy_view(tmp_path, customer_rows(rule))
    message = str(refusal.value)
    assert message.startswith(f"tester.toml:{FIRST + 1}: ")
    assert "(column " in message
    assert RULES[rule] in message


READ: Mapping[str, str] = {
    "created_at < now() - days(90)": "n.createdAt < $now - duration({days: 90})",
    "now() + days(1) >= created_at": "$now + duration({days: 1}) >= n.createdAt",
    "customer_since <= now()": "n.customerSince <= date($now)",
    "now() - days(30) > birth_date": "date($now) - duration({days: 30}) > n.birthDate",
    "purpose == 'service'": "$purpose = 'service'",
    "actor.purpose in ['service', 'privacy']": "$purpose IN ['service', 'privacy']",
    "exists(standings, record.purpose == actor.purpose)": "EXISTS { (n)-[:STANDS]->(n_standing:Standing) "
    "WHERE n_standing.purpose = $purpose }",
    "exists(served_by.members.cases, status == 'open')": "EXISTS { (n)<-[:SERVES]-(n_team:Team) "
    "WHERE EXISTS { (n_team)<-[:WORKS_IN]-(n_team_employee:Employee) "
    "WHERE EXISTS { (n_team_employee)<-[:WORKED_BY]-(n_team_employee_case:Case) "
    "WHERE n_team_employee_case.status = 'open' } } }",
}


@pytest.mark.parametrize("said", READ, ids=str)
def test_a_rule_becomes_one_condition(said: str, tmp_path: Path) -> None:
    """Purpose, time and relationships: what the request brings is a parameter, what the policy says is the text."""
    view = policy_view(tmp_path, customer_rows(said))
    asked = Many("customers", (("nodes", NodeList((Node("Customer", (("id", Field("id")),)),))),))
    assert f"AND {READ[said]}\n" in emit(plan_many(ByLabel(), asked, view, "Customer")[0]).text


def test_the_column_is_the_one_of_the_fault(tmp_path: Path) -> None:
    """Counted from one within the rule."""
    with pytest.raises(PolicyInvalid, match=r"no field 'shoe_size' \(column 19 of the rule\)"):
        policy_view(tmp_path, customer_rows("region == 'GB' or shoe_size == 44"))


FAULTS: Mapping[str, tuple[str, int, str]] = {
    "a node type that is not there": ('[see.Customers]\nrows = "all"\nkey = "show"\n', 0, "no node type 'Customers'"),
    "a category that is not one": (CUSTOMER + 'contacts = "show"\n', 3, "'contacts' is not a category; they are key"),
    "a handle that is not one": (CUSTOMER + 'find_by = ["name"]\n', 3, "find_by names 'name'; it takes account_id"),
    "an edge that is not there": (CUSTOMER + 'hide = ["order"]\n', 3, "Customer has no edge 'order'"),
    "a field that is not there": (CUSTOMER + '[see.Customer.fields]\nage = "show"\n', 3, "Customer has no field 'age'"),
    "no handle to page by": ('[see.Customer]\nrows = "all"\nprofile = "show"\n', 0, 'key = "show" is missing'),
    "a key that is not shown": ('[see.Customer]\nrows = "all"\nkey = "withhold"\n', 2, "key can only be shown"),
    "a grant that is none": (CUSTOMER + 'contact = "shown"\n', 3, "'shown' is not a grant: show, withhold or mask:"),
    "a mask that is not there": (CUSTOMER + 'contact = "mask:blur"\n', 3, "no mask 'blur'; there are year, month"),
    "a mask that does not fit": (CUSTOMER + 'profile = "mask:year"\n', 3, "mask:year does not fit Customer.region"),
    "a mask with a step that it does not take": (
        CUSTOMER + 'contact = "mask:last4:2"\n',
        3,
        "mask:last4 takes nothing beside its name",
    ),
    "a mask without its step": (CUSTOMER + 'financial = "mask:bucket"\n', 3, "does not say how large a step is"),
    "a step of nothing": (CUSTOMER + 'behaviour = "mask:bucket:0"\n', 3, "does not fit Customer.discovery"),
    "a pseudonym without a project": (CUSTOMER + 'contact = "mask:pseudonym"\n', 3, 'add project = "string" under'),
    "a reveal of what is shown": (
        CUSTOMER + 'contact = "show"\nreveal = ["email"]\n',
        4,
        "Customer.email is shown as it is, so it cannot be revealed",
    ),
    "a reveal of what is not there": (
        CUSTOMER + 'reveal = ["shoe_size"]\n',
        3,
        "Customer.shoe_size is not in this role's schema, so it cannot be revealed",
    ),
    "an export for a purpose of others": (
        '[export]\npurposes = ["fraud"]\n' + CUSTOMER,
        1,
        "'fraud' is none of the role's purposes: service",
    ),
    "a subject that the role lacks": ('[see.Order]\nrows = "all"\nkey = "show"\n', 0, "is about Customer: add [see."),
    "lawful about nobody": (
        CUSTOMER + '[see.Team]\nrows = "lawful(purpose)"\nkey = "show"\n',
        4,
        "Team is about nobody, so lawful() says nothing of it",
    ),
    "a rule of a field": (
        CUSTOMER + 'contact = { when = "lawful(sometimes)", then = "show" }\n',
        3,
        "lawful() takes 'purpose' or one of service",
    ),
}


@pytest.mark.parametrize("case", FAULTS)
def test_a_policy_that_names_something_unknown_does_not_start(case: str, tmp_path: Path) -> None:
    """The message says where, and what would be right."""
    said, line, expected = FAULTS[case]
    with pytest.raises(PolicyInvalid) as refusal:
        policy_view(tmp_path, said)
    assert str(refusal.value).startswith(f"tester.toml:{FIRST + line}: ")
    assert expected in str(refusal.value)


HEADS: Mapping[str, tuple[str, str]] = {
    "an unknown purpose": (HEAD.replace('"service"', '"gossip"'), "tester.toml:5: purpose 'gossip' is not one of serv"),
    "no purpose": (HEAD.replace('["service"]', "[]"), "tester.toml:5: purposes: "),
    "no owner": (HEAD.replace('owner    = "tests"\n', ""), "tester.toml:1: owner: field required."),
    "an unknown key": ('sees = "all"\n' + HEAD, "tester.toml:1: sees: is not known here."),
    "a role that is no name": (HEAD.replace('"tester"', '"Tester!"'), "tester.toml:1: role: string should match"),
    "a claim of no type": (HEAD.replace('"integer"', '"number"'), "tester.toml:9: claims.level: input should be"),
    "reveals for ever": ("reveal_minutes = 100_000\n" + HEAD, "tester.toml:1: reveal_minutes: input should be less"),
    "no TOML": ("role = ", "tester.toml: Invalid value (at line "),
}


@pytest.mark.parametrize("case", HEADS)
def test_a_policy_is_whole(case: str, tmp_path: Path) -> None:
    """What every policy must say, and nothing that none knows."""
    head, expected = HEADS[case]
    with pytest.raises(PolicyInvalid) as refusal:
        policy_view(tmp_path, CUSTOMER, head)
    assert str(refusal.value).startswith(expected)


def test_a_grant_with_a_misspelt_word_is_refused(tmp_path: Path) -> None:
    """`other` for `otherwise` must not pass for a grant without one."""
    with pytest.raises(PolicyInvalid, match=r"tester\.toml.*other"):
        policy_view(tmp_path, CUSTOMER + 'contact = { when = "lawful(purpose)", then = "show", other = "show" }\n')


def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    """Missing, or not text."""
    (tmp_path / "binary.toml").write_bytes(b"\xff\xfe\x00")
    for name in ("binary.toml", "missing.toml"):
        with pytest.raises(PolicyInvalid, match=f"{name}: cannot be read as UTF-8 text"):
            load_policy(tmp_path / name)


def test_a_folder_holds_each_role_once(tmp_path: Path) -> None:
    """Two files for one role, or none at all, do not start."""
    with pytest.raises(PolicyInvalid, match="There is no policy in"):
        load_policies(tmp_path)
    for name in ("a.toml", "b.toml"):
        (tmp_path / name).write_text(HEAD + CUSTOMER, encoding="utf-8")
    with pytest.raises(PolicyInvalid, match=r"b\.toml: role 'tester' stands in a\.toml already"):
        load_policies(tmp_path)


def test_a_purpose_that_the_role_lacks_is_refused() -> None:
    """Another role's purpose is not for the asking."""
    with pytest.raises(PolicyInvalid, match="'marketer' does not work for the purpose 'service'"):
        narrow(MODEL, POLICIES["marketer"], "service")


@pytest.mark.parametrize("role", ROLES)
def test_every_shipped_policy_holds_for_each_of_its_purposes(role: str) -> None:
    """It starts, gives somebody something, and tells what example claims it needs."""
    said = POLICIES[role].said
    for purpose in said.purposes:
        assert narrow(MODEL, POLICIES[role], purpose).types["Customer"].fields
    assert set(said.claims) == set(said.example_claims)


# Unknown means no.


def test_no_row_rule_means_no_rows(tmp_path: Path) -> None:
    """A type that is named without `rows` has none."""
    assert policy_view(tmp_path, '[see.Team]\nkey = "show"\n').types["Team"].rows == FALSE


def test_a_category_that_is_not_named_is_not_there(tmp_path: Path) -> None:
    """Neither is a type."""
    seen = policy_view(tmp_path, CUSTOMER + 'profile = "show"\n')
    assert set(seen.types) == {"Customer"}
    assert set(seen.types["Customer"].fields) == {"id", "region", "segment", "language", "customerSince"}
    assert set(seen.types["Customer"].edges) == {"employer", "contacts", "partOf", "parts"}


def test_every_condition_has_a_default_of_withholding(tmp_path: Path) -> None:
    """`when` without `otherwise` shows nothing where it fails, and tells why."""
    seen = policy_view(tmp_path, CUSTOMER + 'contact = { when = "lawful(purpose)", then = "show" }\n')
    (held,) = {one.reason for one in seen.types["Customer"].withheld}
    assert held is Reason.NO_LEGAL_BASIS


def test_an_empty_or_is_false() -> None:
    """In expressions and in the text that the database gets."""
    view = view_of("privacy_officer")
    asked = Many(
        "customers", (("nodes", NodeList((Node("Customer", (("id", Field("id")),)),))),), {"where": {"or": []}}
    )
    statement = emit(plan_many(ByLabel(), asked, view, "Customer")[0])
    assert Or() == FALSE
    assert "AND false\n" in statement.text


@pytest.mark.parametrize("purpose", PURPOSES)
def test_the_erased_are_gone_for_every_purpose(purpose: str) -> None:
    """And the restricted and the deceased wherever the purpose may not read them: no policy can say otherwise."""
    gate = status_gate(purpose)
    assert isinstance(gate, Compare)
    assert isinstance(gate.right, Const)
    allowed = gate.right.value
    assert isinstance(allowed, tuple)
    assert "ERASED" not in allowed
    assert ("RESTRICTED" in allowed) is PURPOSES[purpose].reads_restricted
    assert ("DECEASED" in allowed) is not PURPOSES[purpose].sends


CLAIMS: Mapping[str, tuple[str, Any]] = {
    "missing": ("regions", None),
    "a text for a list": ("regions", "GB"),
    "a list of numbers": ("regions", (1, 2)),
    "a text for a number": ("level", "3"),
    "a truth for a number": ("level", True),
    "null in a list": ("regions", ("GB", None)),
}


@pytest.mark.parametrize("case", CLAIMS)
def test_a_claim_that_is_missing_or_of_another_type_refuses(case: str, tmp_path: Path) -> None:
    """A rule never runs on a guess."""
    name, value = CLAIMS[case]
    view = policy_view(tmp_path, customer_rows("region in actor.regions and order_count > actor.level"))
    given = {} if value is None else {name: value}
    with pytest.raises(ClaimMissing):
        claim(Viewer("someone", "tester", "service", MappingProxyType(given), 2**40), view, name)


def test_what_a_role_is_not_shown_it_cannot_ask_by(tmp_path: Path) -> None:
    """Masked, withheld and missing fields have neither filter nor order."""
    view = policy_view(tmp_path, CUSTOMER + 'contact = "mask:last4"\nfinancial = "withhold"\n')
    schema = RoleSchema(view)
    for name in ("email", "lifetimeValue", "region"):
        for argument in (f"where: {{ {name}: {{ isNull: true }} }}", f"orderBy: [{{ {name}: ASC }}]"):
            made = compiled_with(schema, view, f"{{ customers({argument}) {{ totalCount }} }}", {})
            assert isinstance(made, Refused)
            assert made.code == "CG201"
