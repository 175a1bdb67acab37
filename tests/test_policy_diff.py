"""What a change of policies means: every gain is told as one, whatever cannot be told for certain is to be reviewed."""

import json
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from auth.policy import SHIPPED
from server.api import role_schema
from server.assembly import rules_of
from server.policy_diff import Broken, Change, Kind, broken, changes, to_look_at

EDITS: Mapping[str, tuple[str, str, str, tuple[str, Kind, str, str] | None]] = {
    "a mask goes": (
        "marketer",
        'birth_date = "mask:year"',
        'birth_date = "show"',
        ("Customer.birthDate", Kind.GAIN, "mask:year", "show"),
    ),
    "a mask becomes another": (
        "marketer",
        'birth_date = "mask:year"',
        'birth_date = "mask:month"',
        ("Customer.birthDate", Kind.REVIEW, "mask:year", "mask:month"),
    ),
    "a mask comes": (
        "data_scientist",
        'kind       = "show"',
        'kind       = "withhold"',
        ("Customer.kind", Kind.LOSS, "show", "withhold"),
    ),
    "all rows": (
        "data_scientist",
        'rows       = "lawful(purpose)"',
        'rows       = "all"',
        ("Customer", Kind.GAIN, "", ""),
    ),
    "other rows": (
        "data_scientist",
        "now() - days(730)",
        "now() - days(7300)",
        ("Interaction", Kind.REVIEW, "rows: occurred_at > now() - days(730)", "rows: occurred_at > now() - days(7300)"),
    ),
    "an edge that was hidden": (
        "marketer",
        'hide       = ["purchases", "supplier"]',
        "hide       = []",
        None,
    ),
    "one more handle": (
        "service_rep",
        '"crm_id", "account_id"]',
        '"crm_id", "account_id", "device"]',
        ("Customer.find_by", Kind.GAIN, "–", "device"),
    ),
    "no reveal": (
        "service_rep",
        'reveal     = ["birth_date", "national_id"]',
        'reveal     = ["national_id"]',
        ("Customer.reveal", Kind.LOSS, "birth_date", "–"),
    ),
    "one more purpose": (
        "service_rep",
        'purposes = ["service"]',
        'purposes = ["service", "fraud"]',
        ("purpose", Kind.GAIN, "–", "fraud"),
    ),
    "smaller groups": ("marketer", "minimum = 5", "minimum = 4", ("aggregate.minimum", Kind.GAIN, "5", "4")),
    "nobody's records": (
        "operations_manager",
        '[see.Shipment]\nrows         = "all"\n',
        '[see.Shipment]\nrows         = "all"\nunattributed = true\n',
        ("Shipment.unattributed", Kind.GAIN, "–", "yes"),
    ),
    "no export": (
        "data_scientist",
        '[export]\npurposes = ["analytics"]',
        "[export]\npurposes = []",
        ("export", Kind.LOSS, "analytics", "–"),
    ),
    "another claim": (
        "data_scientist",
        'project = "string"',
        'project = "string"\nlevel   = "integer"',
        ("claims.level", Kind.REVIEW, "–", "integer"),
    ),
}


def edited(folder: Path, role: str, before: str, after: str) -> Path:
    """The shipped policies with one edit."""
    shutil.copytree(SHIPPED, folder)
    file = folder / f"{role}.toml"
    text = file.read_text(encoding="utf-8")
    assert before in text
    file.write_text(text.replace(before, after), encoding="utf-8")
    return folder


@pytest.mark.parametrize("case", EDITS)
def test_a_change_is_told_for_what_it_is(case: str, tmp_path: Path) -> None:
    """And the way back is the opposite: what was a gain is a loss."""
    role, before, after, expected = EDITS[case]
    old, new = rules_of(), rules_of(edited(tmp_path / "new", role, before, after))
    there, back = list(changes(old, new)), list(changes(new, old))
    if expected is None:
        assert there == [], "the role does not see where the edge leads"
        return
    path, kind, was, will = expected
    (told,) = [one for one in there if one.path == path]
    assert (told.role, told.kind) == (role, kind)
    assert not was or (told.before, told.after) == (was, will)
    opposite = {Kind.GAIN: Kind.LOSS, Kind.LOSS: Kind.GAIN, Kind.REVIEW: Kind.REVIEW}
    assert [one.kind for one in back if one.path == path] == [opposite[kind]]
    assert {one.role for one in there} == {role}


def test_nothing_changes_between_equals() -> None:
    """No change, nothing to look at."""
    assert list(changes(rules_of(), rules_of())) == []
    assert not to_look_at([], [])
    assert not to_look_at([Change("a", Kind.LOSS, "b", "c", "d")], [])
    assert to_look_at([Change("a", Kind.REVIEW, "b", "c", "d")], [])
    assert to_look_at([], [Broken("a", "b", 1, "c")])


def test_a_new_role_gains_all_that_it_sees_and_one_that_goes_loses_it(tmp_path: Path) -> None:
    """With its filters."""
    shutil.copytree(SHIPPED, tmp_path / "new")
    (tmp_path / "new" / "marketer.toml").unlink()
    old, new = rules_of(), rules_of(tmp_path / "new")
    lost, gained = list(changes(old, new)), list(changes(new, old))
    assert {one.kind for one in lost} == {Kind.LOSS}
    assert {one.kind for one in gained} == {Kind.GAIN}
    assert {"role", "purpose", "Customer", "Customer.name", "Customer.name as filter and order"} <= {
        one.path for one in gained
    }


def test_a_document_that_breaks_is_named_with_its_line(tmp_path: Path) -> None:
    """For the role for which it breaks; what a role could not ask before does not break."""
    new = rules_of(edited(tmp_path / "new", "marketer", 'birth_date = "mask:year"', ""))
    found = list(
        broken(
            rules_of(),
            rules_of(edited(tmp_path / "other", "marketer", 'identity   = "show"\n', "")),
            {"who.graphql": "{\n  customers {\n    nodes { name }\n  }\n}", "never.graphql": "{ nonsense }"},
            role_schema,
        )
    )
    assert found == [Broken("marketer", "who.graphql", 3, "Cannot query field 'name' on type 'Customer'.")]
    whole = {"born.graphql": "{ customers { nodes { birthDate } } }"}
    assert list(broken(rules_of(), new, whole, role_schema)) == []


def told(*arguments: str) -> subprocess.CompletedProcess[str]:
    """The command, as one types it."""
    return subprocess.run(
        [sys.executable, "-c", "from server.cli import main; main()", "policy", "diff", *arguments],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
        cwd=Path(__file__).parents[1],
    )


def test_the_command_ends_with_3_where_someone_has_to_look(tmp_path: Path) -> None:
    """Gains come first; for machines there is JSON; a folder that is not there is a mistake, not a gain."""
    documents = tmp_path / "documents"
    documents.mkdir()
    (documents / "who.graphql").write_text("{ customers { nodes { lifetimeValue } } }", encoding="utf-8")
    new = edited(tmp_path / "new", "service_rep", 'financial  = "withhold"\ncontact', 'identifier = "show"\ncontact')
    new_file = new / "service_rep.toml"
    text = new_file.read_text(encoding="utf-8").replace('identifier = "show"\nprofile', "profile", 1)
    new_file.write_text(
        text.replace("mask:year", "show").replace('["birth_date", "national_id"]', '["national_id"]'), encoding="utf-8"
    )
    gained = told(str(SHIPPED), str(new), "--documents", str(documents))
    assert gained.returncode == 3, gained.stderr
    lines = gained.stdout.splitlines()
    assert lines[0].startswith("GAINS (")
    assert "  + service_rep: Customer.birthDate: mask:year -> show" in lines
    assert "  - service_rep: Customer.lifetimeValue: withhold -> –" in lines
    assert any(line.startswith("  ! service_rep: who.graphql:1: ") for line in lines)
    machine = told(str(SHIPPED), str(new), "--json")
    assert machine.returncode == 3
    assert {
        "role": "service_rep",
        "kind": "gain",
        "path": "Customer.birthDate",
        "before": "mask:year",
        "after": "show",
    } in (json.loads(machine.stdout)["changes"])
    same = told(str(SHIPPED), str(SHIPPED))
    assert (same.returncode, same.stdout) == (0, "Nothing changes.\n")
    assert told(str(SHIPPED), str(tmp_path / "nowhere")).returncode == 1
