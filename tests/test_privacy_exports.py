"""What a person sees and takes away: all of it, under her own policy, on record, and whole or not there."""

import csv
import hashlib
import io
import json
import re
import shutil
import sqlite3
import tracemalloc
from collections.abc import AsyncIterator, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
import vobject
from hypothesis import given
from hypothesis import strategies as st

from auth.disclosure import Disclosure
from auth.narrow import _Narrowing, narrow
from auth.policy import SHIPPED as POLICIES
from auth.policy import load_policies, load_policy
from auth.segment import FILE
from auth.trail import Trail
from graph.expr import NULL, Prop
from graph.session import Database
from graph.view import View
from privacy.access import Made, access
from privacy.folder import MANIFEST, folder
from privacy.parts import asked, parts
from privacy.personal import NOT_PROVIDED, NOT_SHOWN, every_field, left_out, not_taken, personal_fields, provided
from privacy.portability import portability
from privacy.reading import OnRecord, Reading, survivor_of
from privacy.spreadsheet import FORMULA as LOOKS_LIKE_A_FORMULA
from privacy.spreadsheet import cell, guarded, raw
from schema.errors import (
    DatabaseUnavailable,
    ExportBroken,
    ExportFolderTaken,
    SubjectDeceased,
    SubjectUnknown,
    TrailUnavailable,
)
from schema.model import MODEL, Category, Property
from server.api import role_schema
from server.assembly import Assembly, assemble
from server.privacy import exported, request_of
from server.settings import load
from tests.filled_graph import FORMULA, INVOICES, OTHER, SHIPPED, WHO, change, fill, marker
from tests.proof.leaks import LEAKS, Leak, planted

GOLDEN = Path(__file__).parent / "exports"
SAID = {"madeAt": "2026-11-27T04:00:00+00:00", "request": "the request"}
OPERATOR = "pia"
TEXT = "Where is my parcel? " * 20
EXPORTS = {"access": access, "portability": portability}


def _withheld_is_shown(whole: Any) -> Any:
    def field(self: Any, held: Property, grant: Any) -> Any:
        seen = whole(self, held, grant)
        return replace(seen, output=Prop(held.name)) if seen.output == NULL else seen

    return field


FAULTS = (
    *(one for one in LEAKS if one.name in ("mask_forgotten", "condition_forgotten")),
    Leak("withheld_is_shown", "what is withheld stays there", _Narrowing, "field", _withheld_is_shown, ("customer",)),
)
CANARIES = {
    "mask_forgotten": '"birthDate":"2026-01-02"',
    "condition_forgotten": "ada@example.org",
    "withheld_is_shown": "Case.subject held",
}
"""What of the filled graph each fault would tell to a customer under a stricter policy."""
INTERACTIONS = """MATCH (c:Customer {id: 'cus_1'}) UNWIND range(10 + $before, 9 + $most) AS number
CREATE (c)-[:HAD]->(:Interaction {id: 'int_' + number, kind: 'EMAIL', direction: 'INBOUND', source: 'mail', tags: [],
  occurredAt: datetime('2025-01-01T00:00:00Z') + duration({minutes: number}), text: $said})"""


@dataclass(frozen=True, slots=True)
class Office:
    """Who makes exports of the filled graph, and where they go."""

    database: Database
    assembly: Assembly
    trail: Trail
    folder: Path

    def reading(self, customer: str = WHO, *, view: View | None = None, **changed: Any) -> Reading:
        """A customer's questions, put by the operator."""
        request = request_of(self.assembly, self.database, OnRecord(self.trail, OPERATOR), customer, "the request")
        schema = self.assembly.schemas["customer"] if view is None else role_schema(view)
        request = replace(request, view=view or request.view, **changed)
        return Reading(schema, request, customer)

    async def make(self, what: str, name: str = "", **reading: Any) -> tuple[Made, Path]:
        """An export in a folder of its own."""
        target = self.folder / (name or what)
        return await EXPORTS[what](self.reading(**reading), target, SAID), target

    def records(self) -> list[dict[str, Any]]:
        """What is on record."""
        with closing(sqlite3.connect(self.folder / "trail" / FILE)) as opened:
            return [json.loads(body) for (body,) in opened.execute("SELECT body FROM records ORDER BY sequence")]


@pytest.fixture(scope="module")
def assembly(tmp_path_factory: pytest.TempPathFactory) -> Assembly:
    """What the commands make of the settings."""
    return assemble(load(data=tmp_path_factory.mktemp("exports") / "data"))


@pytest_asyncio.fixture(loop_scope="session")
async def office(database: Database, assembly: Assembly, tmp_path: Path) -> AsyncIterator[Office]:
    """The filled graph and a trail of its own."""
    await fill(database)
    async with Trail(tmp_path / "trail") as trail:
        yield Office(database, assembly, trail, tmp_path)


def customer_view(policies: Path = POLICIES) -> View:
    """What a policy of customers makes of the graph."""
    return narrow(MODEL, load_policies(policies)["customer"], "self")


def shipped(names: Any) -> set[str]:
    """Without the types that other tests declare."""
    known = {kind.name for kind in SHIPPED}
    return {name for name in names if name.partition(".")[0] in known}


def texts(target: Path) -> str:
    """All that stands in the files of an export."""
    return "".join(path.read_text(encoding="utf-8") for path in sorted(target.rglob("*")) if path.is_file())


def test_every_personal_field_is_in_the_access_export_or_missing_on_a_ground_of_law() -> None:
    """A new field that the policy of customers does not show fails here until it is shown or entered with a ground."""
    found = asked(parts(MODEL, customer_view(), every_field))
    assert shipped(personal_fields(MODEL)) - found == set(NOT_SHOWN)
    assert set(NOT_SHOWN) == shipped(left_out(MODEL, customer_view()))
    assert all(ground.why and ground.law.startswith("GDPR art. ") for ground in NOT_SHOWN.values())


def test_every_field_that_customers_see_is_asked_for() -> None:
    """Beside the personal ones: whatever the View has of what can be reached is in the export."""
    view = customer_view()
    seen = {
        f"{kind.name}.{name}" for kind in SHIPPED if kind.name in view.types for name in view.types[kind.name].fields
    }
    assert seen == shipped(asked(parts(MODEL, view, every_field)))


def test_every_personal_field_can_be_taken_away_or_was_not_provided() -> None:
    """A new field is portable at once, or is entered with its ground; nothing stale stands in the list."""
    found = asked(parts(MODEL, customer_view(), provided))
    missing = shipped(personal_fields(MODEL)) - found
    worked_out = {f"{kind.name}.{name}" for kind in SHIPPED for name in kind.edges} & set(NOT_PROVIDED)
    assert missing | worked_out == shipped(not_taken(MODEL))
    known = {kind.name for kind in SHIPPED} | {f"{kind.name}.{name}" for kind in SHIPPED for name in kind.properties}
    assert set(NOT_PROVIDED) - worked_out <= known
    assert all(ground.law.startswith("GDPR art. 20(1)") for ground in NOT_PROVIDED.values())


@pytest.mark.asyncio(loop_scope="session")
@pytest.mark.parametrize("what", EXPORTS)
async def test_an_export_is_as_agreed(office: Office, what: str, agree: bool) -> None:
    """The golden files, byte for byte, with the manifest that has the hash of each."""
    _, target = await office.make(what)
    golden = GOLDEN / what
    if agree:
        shutil.rmtree(golden, ignore_errors=True)
        shutil.copytree(target, golden)
    made = {path.relative_to(target).as_posix(): path.read_bytes() for path in target.rglob("*") if path.is_file()}
    kept = {path.relative_to(golden).as_posix(): path.read_bytes() for path in golden.rglob("*") if path.is_file()}
    assert made == kept


@pytest.mark.asyncio(loop_scope="session")
async def test_what_is_held_is_told_and_what_is_not_hers_to_see_is_nowhere(office: Office) -> None:
    """Each text that the graph holds of her is in the file; those of the staff, of others and exceptions are not."""
    _, target = await office.make("access")
    told = json.dumps(json.loads((target / "access.json").read_text()), ensure_ascii=False)
    everything = texts(target)
    view = customer_view()
    for kind in SHIPPED:
        for held in kind.properties.values():
            if held.scalar.value != "String":
                continue
            shown = kind.name in view.types and held.name in view.types[kind.name].fields
            text = marker(kind.name, held.name)
            assert shown == (json.dumps(text)[1:-1] in told), f"{kind.name}.{held.name}"
            if not shown:
                assert text not in everything
    assert "SOMEBODY ELSE" not in everything
    assert OTHER not in everything


def stricter(folder: Path) -> View:
    """What another policy for customers makes of the graph: it hides, masks, withholds and asks for a condition."""
    file = folder / "policies" / "customer.toml"
    file.parent.mkdir(parents=True)
    said = (POLICIES / "customer.toml").read_text()
    said = said.replace(
        '[see.Interaction]\nrows       = "all"', '[see.Interaction]\nrows = "all"\nfields.text = "withhold"'
    )
    said = said.replace("[see.Case.fields]", '[see.Case.fields]\nsubject = "withhold"')
    said += '\n[see.Customer.fields]\nbirth_date = "mask:year"\n'
    said += 'email = { when = "region == \'nowhere\'", then = "show", otherwise = "withhold" }\n'
    said = said.replace('financial  = "show"\n\n[see.Identity]', "\n[see.Identity]")
    file.write_text(said)
    return narrow(MODEL, load_policy(file), "self")


@pytest.mark.asyncio(loop_scope="session")
async def test_what_the_policy_withholds_is_withheld_and_named(office: Office, tmp_path: Path) -> None:
    """Another policy for customers: hidden, masked and conditional values leave neither file, their reasons do."""
    view = stricter(tmp_path)
    for what in EXPORTS:
        _, target = await office.make(what, view=view)
        everything = texts(target)
        for hidden in (marker("Interaction", "text"), marker("Case", "subject"), "ada@example.org"):
            assert hidden not in everything
        told = json.loads((target / f"{what}.json").read_text())
        assert told["customer"]["birthDate"] == "2026"
        withheld = {(one["field"], one["reason"]) for one in told["customer"]["_withheld"]}
        assert withheld == {("birthDate", "MASKED"), ("email", "CONDITION")}
        (interaction,) = told["records"]["interactions"]
        assert interaction["_withheld"] == [{"field": "text", "reason": "POLICY"}]
        if what == "access":
            assert "to be justified by the company" in {one["law"] for one in told["leftOut"]}
            assert "Customer.balance" in {one["field"] for one in told["leftOut"]}


@pytest.mark.asyncio(loop_scope="session")
@pytest.mark.parametrize("what", EXPORTS)
@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
async def test_a_planted_leak_shows_in_an_export(office: Office, tmp_path: Path, what: str, fault: Leak) -> None:
    """What the tests above look for in vain is there once the View is broken: an export goes no other way."""
    _, whole = await office.make(what, "whole", view=stricter(tmp_path / "one"))
    assert CANARIES[fault.name] not in texts(whole)
    with planted(fault):
        _, broken = await office.make(what, "broken", view=stricter(tmp_path / "another"))
    assert CANARIES[fault.name] in texts(broken)


@pytest.mark.asyncio(loop_scope="session")
async def test_a_nested_list_is_followed_to_its_end(office: Office) -> None:
    """More invoices of one order than come with it."""
    _, target = await office.make("access")
    (order,) = json.loads((target / "access.json").read_text())["records"]["orders"]
    assert {one["id"] for one in order["invoices"]} == {f"inv_{number}" for number in range(1, INVOICES + 1)}
    assert [one["number"] for one in order["shipments"]] == [marker("Shipment", "number")]


@pytest.mark.asyncio(loop_scope="session")
async def test_memory_does_not_grow_with_the_number_of_records(office: Office) -> None:
    """Ten thousand interactions take no more than a thousand; every one is in the files, in the order of time."""
    peaks = dict[tuple[str, int], int]()
    for before, most in ((0, 1_000), (1_000, 10_000)):
        await change(office.database, INTERACTIONS, before=before, most=most, said=TEXT)
        for what in EXPORTS:
            tracemalloc.start()
            _, target = await office.make(what, f"{what}-{most}")
            peaks[what, most] = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
            told = json.loads((target / f"{what}.json").read_text())["records"]["interactions"]
            assert len({one["id"] for one in told}) == len(told) == most + 1
            moments = [one["occurredAt"] for one in told]
            assert moments == sorted(moments)
    for what in EXPORTS:
        assert peaks[what, 10_000] < peaks[what, 1_000] * 1.5, peaks


@pytest.mark.asyncio(loop_scope="session")
@pytest.mark.parametrize("what", EXPORTS)
async def test_an_export_is_on_record_before_it_is_there(office: Office, what: str) -> None:
    """By the operator, under the customer's policy, for the purpose self, about her; each field that the file holds."""
    seen: list[bool] = []
    target = office.folder / what

    class Looking:
        async def record(self, disclosure: Disclosure) -> None:
            seen.append(target.exists())
            await office.trail.record(disclosure)

    reading = office.reading(trail=OnRecord(Looking(), OPERATOR))
    await EXPORTS[what](reading, target, SAID)
    assert not any(seen)
    found = office.records()
    assert len(found) == len(seen)
    assert {(one["viewer"], one["role"], one["purpose"], one["request"]) for one in found} == {
        (OPERATOR, "customer", "self", "the request")
    }
    shown = {name for one in found for part in one["answers"] for told in part["shown"] for name in told["fields"]}
    assert asked(parts(MODEL, reading.request.view, EXPORTED[what])) <= shown
    subjects = [told["subjects"] for record in found for part in record["answers"] for told in part["shown"]]
    assert subjects == [subjects[0]] * len(subjects)
    assert len(subjects[0]) == 1


EXPORTED = {"access": every_field, "portability": provided}


@pytest.mark.asyncio(loop_scope="session")
async def test_pages_of_one_list_are_on_record_once(office: Office) -> None:
    """Seven pages, six of them alike; in the last is the one that also leads to an order and a product."""
    await office.make("access")
    few = len(office.records())
    await change(office.database, INTERACTIONS, before=0, most=3_000, said=TEXT)
    await office.make("access", "again")
    assert len(office.records()) == 2 * few + 1


@pytest.mark.asyncio(loop_scope="session")
@pytest.mark.parametrize("what", EXPORTS)
async def test_files_are_for_their_owner_alone(office: Office, what: str) -> None:
    """0600 in folders of 0700, with a manifest that says what is in them."""
    made, target = await office.make(what)
    for path in [target, *target.rglob("*")]:
        assert path.stat().st_mode & 0o777 == (0o700 if path.is_dir() else 0o600)
    manifest = json.loads((target / MANIFEST).read_text())
    files = {path.relative_to(target).as_posix() for path in target.rglob("*") if path.is_file()} - {MANIFEST}
    assert {one["name"] for one in manifest["files"]} == files
    for one in manifest["files"]:
        data = (target / one["name"]).read_bytes()
        assert (one["sha256"], one["bytes"]) == (hashlib.sha256(data).hexdigest(), len(data))
    assert manifest["records"] == made.records
    assert manifest["records"]["orders"] == 1


@pytest.mark.asyncio(loop_scope="session")
@pytest.mark.parametrize("what", EXPORTS)
@pytest.mark.parametrize("broken", ["database", "trail"])
async def test_an_export_that_breaks_off_leaves_nothing(office: Office, what: str, broken: str) -> None:
    """Wherever it breaks off: no folder of the name, and no file anywhere near."""

    class Failing:
        def __init__(self, after: int) -> None:
            self.left = after

        async def read(self, text: str, parameters: Mapping[str, Any], timeout: float | None = None) -> list[Any]:
            if not self.left:
                raise DatabaseUnavailable
            self.left -= 1
            return await office.database.read(text, parameters)

        async def record(self, disclosure: Disclosure) -> None:
            if not self.left:
                raise TrailUnavailable
            self.left -= 1

    target = office.folder / "answers" / what
    target.parent.mkdir()
    for after in (0, 1, 3, 7):
        failing = Failing(after)
        changed = {"database": failing} if broken == "database" else {"trail": OnRecord(failing, OPERATOR)}
        with pytest.raises(ExportBroken, match=r"CG40[15]"):
            await EXPORTS[what](office.reading(**changed), target, SAID)
        assert list(target.parent.iterdir()) == []


def test_a_folder_under_way_does_not_look_whole(tmp_path: Path) -> None:
    """What a killed process leaves has another name and no manifest, and is for its owner alone."""
    target = tmp_path / "answer"
    with pytest.raises(KeyboardInterrupt), folder(target) as made:  # noqa: PT012  what stands there meanwhile
        made.file("access.json").write("{")
        (under_way,) = tmp_path.iterdir()
        assert re.fullmatch(r"\.answer\..+\.unfinished", under_way.name)
        assert under_way.stat().st_mode & 0o777 == 0o700
        assert not (under_way / MANIFEST).exists()
        raise KeyboardInterrupt
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("there", ["a file in it", "a file of the name", "a link"])
def test_nothing_is_written_over(tmp_path: Path, there: str) -> None:
    """Also where it appears while the export is made; an empty folder may be used."""
    target = tmp_path / "answer"
    target.mkdir()
    with folder(target) as made:
        made.file("access.json").write("{}")
        made.seal({})
    kept = texts(target)
    if there == "a file of the name":
        target = target / "access.json"
    elif there == "a link":
        target = tmp_path / "link"
        target.symlink_to(tmp_path / "nowhere")
    with pytest.raises(ExportFolderTaken), folder(target):
        raise AssertionError("never begun")
    late = tmp_path / "late"
    with pytest.raises(ExportFolderTaken), folder(late) as made:  # noqa: PT012  taken meanwhile
        made.seal({})
        late.mkdir()
        (late / "mine").write_text("mine")
    assert texts(tmp_path / "answer") == kept
    assert texts(late) == "mine"


@pytest.mark.asyncio(loop_scope="session")
async def test_nobody_is_told_apart_from_somebody_erased(office: Office, tmp_path: Path) -> None:
    """Unknown and erased are one answer, and leave no folder; the dead are another, and restriction is no bar."""
    with pytest.raises(SubjectUnknown) as unknown:
        await office.make("access", customer="cus_nobody")
    status = "MATCH (c:Customer {id: 'cus_1'}) SET c.status = $status"
    await change(office.database, status, status="ERASED")
    with pytest.raises(SubjectUnknown) as erased:
        await office.make("access")
    assert str(unknown.value) == str(erased.value)
    await change(office.database, status, status="DECEASED")
    with pytest.raises(SubjectDeceased):
        await office.make("portability")
    await change(office.database, status, status="RESTRICTED")
    made, _ = await office.make("access")
    assert made.restricted
    assert not (tmp_path / "portability").exists()


@pytest.mark.asyncio(loop_scope="session")
async def test_who_was_merged_is_followed_to_the_survivor(office: Office) -> None:
    """Through several merges; the manifest keeps by which id was asked."""
    merged = """MATCH (c:Customer {id: 'cus_1'})
    CREATE (a:AbsorbedCustomer {id: 'cus_8'}), (b:AbsorbedCustomer {id: 'cus_9'})
    CREATE (a)-[:ABSORBED_INTO]->(b)-[:ABSORBED_INTO]->(c)"""
    await change(office.database, merged)
    assert await survivor_of(office.database, WHO) is None
    target = office.folder / "merged"
    found = await exported(office.assembly, office.database, office.trail, "access", "cus_8", target)
    assert found.survivor == WHO
    manifest = json.loads((target / MANIFEST).read_text())
    assert (manifest["customer"], manifest["askedFor"]) == (WHO, "cus_8")
    assert manifest["request"] in {one["request"] for one in office.records()}


@pytest.mark.asyncio(loop_scope="session")
async def test_csv_holds_what_json_holds_and_no_formula(office: Office) -> None:
    """Every cell read back is the value; none begins as a spreadsheet's formula does, unless it is a number."""
    _, target = await office.make("portability")
    told = json.loads((target / "portability.json").read_text())["records"]
    with (target / "csv" / "interactions.csv").open(newline="", encoding="utf-8") as file:
        (row,) = csv.DictReader(file)
    assert row["subject"] == f"'{FORMULA}"
    assert raw(row["subject"]) == told["interactions"][0]["subject"] == FORMULA
    assert (row["of"], row["channel"]) == (WHO, "chn_1")
    assert "sentiment" not in row
    with (target / "csv" / "orders.invoices.csv").open(newline="", encoding="utf-8") as file:
        invoices = list(csv.DictReader(file))
    assert [(one["of"], one["id"], one["amount"]) for one in invoices] == [
        ("ord_1", one["id"], "-12.50") for one in told["orders"][0]["invoices"]
    ]
    with (target / "csv" / "customer.csv").open(newline="", encoding="utf-8") as file:
        (customer,) = csv.DictReader(file)
    assert customer["phone"] == "'+441130000001"


@given(st.text())
def test_a_guarded_text_is_no_formula_and_can_be_read_back(text: str) -> None:
    """Whatever it is; also where it begins with apostrophes itself."""
    assert not re.match(r"[=+\-@\t\r\n]", guarded(text))
    assert raw(guarded(text)) == text
    buffer = io.StringIO(newline="")
    csv.writer(buffer).writerow([cell([text, "b"], text=True), "end"])
    assert LOOKS_LIKE_A_FORMULA.match(buffer.getvalue().lstrip('"')) is None or buffer.getvalue().lstrip('"')[0] == "'"


@pytest.mark.asyncio(loop_scope="session")
async def test_the_card_can_be_read(office: Office) -> None:
    """By a reader of RFC 6350 that shares nothing with the writer, and by the parser that reads vCards of sources."""
    _, target = await office.make("portability")
    text = (target / "contact.vcf").read_bytes().decode()
    assert max(len(line.encode()) for line in text.split("\r\n")) <= 75
    lines = [line.partition(":")[::2] for line in text.replace("\r\n ", "").split("\r\n")]
    assert lines[:2] == [("BEGIN", "VCARD"), ("VERSION", "4.0")]
    assert lines[-2:] == [("END", "VCARD"), ("", "")]
    said = {name: [unescaped(part) for part in re.split(r"(?<!\\);", value)] for name, value in lines}
    assert said["FN"] == [marker("Customer", "name")]
    assert said["N"] == ["Byron", "Ada", "", "", ""]
    assert said["BDAY"] == ["20260102"]
    assert (said["EMAIL;PREF=1"], said["EMAIL"]) == (["ada@example.org"], ["countess@example.org"])
    assert said["TEL;PREF=1;VALUE=uri"] == ["tel:+441130000001"]
    assert said["ADR"] == [
        "",
        *(marker("Address", name) for name in ("line2", "line1", "city", "state", "postalCode", "country")),
    ]
    read = vobject.readOne(text)
    assert (read.n.value.family, read.adr.value.street) == ("Byron", marker("Address", "line1"))


def unescaped(text: str) -> str:
    """A text of a vCard (RFC 6350, section 3.4)."""
    return re.sub(r"\\([\\,;])", r"\1", text).replace("\\n", "\n")


@pytest.mark.asyncio(loop_scope="session")
async def test_the_page_holds_no_markup_of_values(office: Office) -> None:
    """A name is shown as it is written, not as what it does."""
    _, target = await office.make("access")
    page = (target / "index.html").read_text()
    assert "&lt;b&gt;Byron" in page
    assert "<b>" not in page
    assert "<script" not in page
    assert "default-src 'none'" in page


def test_a_new_type_reaches_exports_by_its_category() -> None:
    """Nothing of evidence and secrets is taken away unless it is said to be provided."""
    assert {Category.EVIDENCE, Category.SECRET} <= {
        held.category
        for kind in SHIPPED
        for held in kind.properties.values()
        if f"{kind.name}.{held.name}" in not_taken(MODEL)
    }
