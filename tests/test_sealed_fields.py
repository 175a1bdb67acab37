"""Sealed fields: shut in the graph, found by the whole of them, opened for who may see them, hers as long as she is."""

import asyncio
import json
import shutil
import subprocess
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from auth.issuer import LocalIssuer
from auth.trail import Trail
from graph.vault import blind
from graph.vault.sealed import Place, is_sealed, key_of
from graph.vault.vault import NOBODY
from ingest.load import load, preview
from ingest.opening import opened_with
from ingest.records import InvoiceRecord
from ingest.resealing import amiss, reseal_all
from privacy.erasure import Means, erase
from server.assembly import Assembly, assemble
from server.privacy import exported
from server.settings import load as load_settings
from server.vault import FOLDER, vault_of
from tests.small_company import house, made, order, person
from tests.test_changes import codes
from tests.test_cli import COMMAND
from tests.test_cli import SMALL as SMALL_HEAP
from tests.test_ingest_load import clear, silent
from tests.test_sealed_graph import ANYWHERE, Running, vault_in
from tests.test_stewards_desk import MERGE, SPLIT, UNDO, Steward

pytestmark = pytest.mark.asyncio(loop_scope="session")

OF_ANN, OF_LEE, PAID = "02476291358", "QQ123456C", "RF18 5390 0754 7034"
"""Invented: no state gives out numbers of this form."""
ANN = (
    replace(
        person("billing", "K-100001", "Ann", "Leigh", email="ann@x.example", born=date(1960, 1, 2)), national_id=OF_ANN
    ),
    person("crm", "C-1", "Ann", "Leigh", email="ann@x.example", born=date(1960, 1, 2)),
    order("A00000001", "K-100001"),
    InvoiceRecord("R-1", "K-100001", "A00000001", False, date(2025, 1, 2), None, None, 1000, "EUR", 0, PAID),
)
LEE = (
    replace(
        person("shipping", "SHP0000001", "Annie", "Lee", phone="+441132345678", lives=house(2, "CD3 4EF")),
        national_id=OF_LEE,
    ),
    order("A00000002", "K-000009"),
    InvoiceRecord("R-2", None, "A00000002", False, date(2025, 1, 2), None, None, 1000, "EUR", 0, "RF00 0000 1111 2222"),
)
COMPANY = (*ANN, *LEE)

HELD = """MATCH (n:Customer|Invoice) RETURN {key: n.sourceKey, id: n.id,
  value: coalesce(n.nationalId, n.paymentReference),
  found: coalesce(n.nationalIdBlind, n.paymentReferenceBlind),
  end: coalesce(n.nationalIdLast4, n.paymentReferenceLast4)} AS row ORDER BY row.key"""
OWN = "{ customers(first: 9) { nodes { id nationalId _withheld { field reason } } } }"
FIND = """query ($one: String!) { customers(first: 9, where: {nationalId: {eq: $one}}) { totalCount nodes { id } } }"""
INVOICES = "{ invoices(first: 9) { nodes { number paymentReference } } }"
REVEAL = """mutation ($id: ID!) { reveal(input: {id: $id, field: "nationalId", reason: IDENTITY_CHECK}) { field } }"""
ACCESS = {"privacy_officer": True, "service_rep": False, "data_steward": False, "auditor": False}


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Assembly]:
    """What all tests share: the data folder, and an assembly over it."""
    folder = tmp_path_factory.mktemp("fields")
    return folder, assemble(load_settings(data=folder))


@pytest_asyncio.fixture(loop_scope="session")
async def desk(keys: tuple[Path, Assembly], tmp_path: Path, database: Any) -> AsyncIterator[Steward]:
    """A steward over the company."""
    await clear(database)
    folder, assembly = keys
    await load(database, made(COMPANY), silent, keys=assembly.vault)
    async with Trail(tmp_path / "trail") as trail:
        yield Steward(assembly, LocalIssuer(folder), database, trail)


async def owners(desk: Steward) -> dict[str, str]:
    """The owner of the key by which each field is sealed, by the key of its node."""
    rows = [row for row in await desk.database.read(HELD) if row["value"] is not None]
    found = await desk.assembly.vault.opening({key_of(row["value"]) for row in rows})
    return {row["key"]: key.owner for row in rows if (key := found[key_of(row["value"])]) is not None}


async def found_by(desk: Steward, asked: str, role: str = "privacy_officer") -> list[str]:
    """Whom a role finds by a national id."""
    answer = await desk.ask(FIND, {"one": asked}, role)
    assert "errors" not in answer, answer
    return [one["id"] for one in answer["data"]["customers"]["nodes"]]


async def shown(desk: Steward, role: str, subject: str = "me") -> dict[str, Any]:
    """What a role sees of national ids, by customer."""
    answer = await desk.ask(OWN, role=role, subject=subject)
    assert "errors" not in answer, answer
    return {one["id"]: one["nationalId"] for one in answer["data"]["customers"]["nodes"]}


# What stands in the graph


async def test_nothing_of_it_stands_in_the_graph_as_it_came(desk: Steward) -> None:
    """No property of any node or relationship, keys and provenance among them; a company without a vault shows that it
    would be found.
    """

    async def plain() -> set[str]:
        names = await desk.database.read("CALL db.propertyKeys() YIELD propertyKey RETURN propertyKey")
        told = await desk.database.read(ANYWHERE, {"names": names})
        words = (OF_ANN, OF_LEE, PAID, PAID.replace(" ", ""))
        return {f"{label}.{name}" for label, name, value in told if any(word in value for word in words)}

    assert await plain() == set()
    held = {row["key"]: row for row in await desk.database.read(HELD)}
    whose = await desk.whose()
    by_id = {row["id"]: row for row in held.values()}
    assert is_sealed(by_id[whose["C-1"]]["value"])
    assert by_id[whose["C-1"]]["found"].startswith(blind.MARK)
    assert by_id[whose["C-1"]]["end"] == OF_ANN[-4:]
    assert held["invoices:R-1"]["end"] == "7034"
    proofs = await desk.database.read(
        "MATCH (p:AttributeProvenance {attribute: 'nationalId'}) RETURN [p.system, p.recordId, p.chosen, p.value]"
    )
    assert sorted(proofs) == [["billing", "K-100001", True, None], ["shipping", "SHP0000001", True, None]]
    await clear(desk.database)
    await load(desk.database, made(COMPANY), silent)
    assert {"Customer.nationalId", "Invoice.paymentReference"} <= await plain()
    assert not [one for one in await plain() if one.startswith("AttributeProvenance")]


async def test_it_is_sealed_by_the_key_of_whose_it_is(desk: Steward) -> None:
    """Directly and along the model's way; what is nobody's has the key of all that."""
    whose = await desk.whose()
    customers = {row["id"]: row["key"] for row in await desk.database.read(HELD)}
    assert await owners(desk) == {
        customers[whose["C-1"]]: whose["C-1"],
        customers[whose["SHP0000001"]]: whose["SHP0000001"],
        "invoices:R-1": whose["C-1"],
        "invoices:R-2": NOBODY,
    }
    assert await amiss(desk.database, desk.assembly.vault) == []


async def test_the_same_again_changes_nothing(desk: Steward) -> None:
    """Neither what is sealed nor what is beside it; a preview finds nothing to write."""
    before = await desk.database.read(HELD)
    await desk.load(*COMPANY)
    assert await desk.database.read(HELD) == before
    would = await preview(desk.database, made(COMPANY), silent, keys=desk.assembly.vault)
    assert all(one.same and not (one.new or one.changed or one.gone) for one in would.tables.values())


async def test_what_a_source_takes_back_goes_with_what_stood_beside_it(desk: Steward) -> None:
    """No end of a number and no entry of the index outlives it."""
    await desk.load(*(replace(one, national_id=None) if one is ANN[0] else one for one in COMPANY))
    (ann,) = [row for row in await desk.database.read(HELD) if row["id"] == (await desk.whose())["C-1"]]
    assert (ann["value"], ann["found"], ann["end"]) == (None, None, None)


# Reading


async def test_who_may_see_it_reads_it_and_others_its_end_or_nothing(desk: Steward) -> None:
    """The customer and the privacy officer read it, a rep its end with the reason; others have no such field."""
    whose = await desk.whose()
    ann, lee = whose["C-1"], whose["SHP0000001"]
    assert await shown(desk, "customer", ann) == {ann: OF_ANN}
    assert await shown(desk, "privacy_officer") == {ann: OF_ANN, lee: OF_LEE}
    answer = await desk.ask(OWN)
    told = {one["id"]: (one["nationalId"], one["_withheld"]) for one in answer["data"]["customers"]["nodes"]}
    assert {id_: value for id_, (value, _) in told.items()} == {ann: "…1358", lee: "…456C"}
    assert {"field": "nationalId", "reason": "MASKED"} in told[ann][1]
    for role in ("data_steward", "marketer", "data_scientist", "operations_manager", "auditor"):
        assert codes(await desk.ask(OWN.replace("_withheld { field reason }", ""), role=role)) == ["CG201"]
    (invoice,) = (await desk.ask(INVOICES, role="customer", subject=ann))["data"]["invoices"]["nodes"]
    assert invoice == {"number": "R-1", "paymentReference": PAID}
    (invoice,) = (await desk.ask(INVOICES))["data"]["invoices"]["nodes"]
    assert invoice == {"number": "R-1", "paymentReference": "…7034"}


async def test_for_who_sees_the_end_alone_the_value_stays_in_the_database(
    desk: Steward, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sealed as it is, it does not leave it, and no key is looked up; for who may see it, it leaves it sealed."""
    rows: list[str] = []
    asked: list[Any] = []
    read, opening = desk.database.read, vault_in(desk.assembly).opening

    async def watched(*said: Any) -> Any:
        found = await read(*said)
        rows.append(json.dumps(found, default=str))
        return found

    async def counting(names: Any) -> Any:
        asked.append(names)
        return await opening(names)

    monkeypatch.setattr(desk.database, "read", watched)
    monkeypatch.setattr(vault_in(desk.assembly), "opening", counting)
    await desk.ask(OWN)
    await desk.ask(INVOICES)
    assert rows
    assert not [one for one in rows if "sealed." in one or OF_ANN in one]
    assert asked == []
    rows.clear()
    await desk.ask(OWN, role="privacy_officer")
    assert any("sealed." in one for one in rows)
    assert not [one for one in rows if OF_ANN in one or OF_LEE in one]
    assert asked


async def test_it_is_revealed_where_the_policy_says_so(desk: Steward) -> None:
    """Of the one customer, to the one rep; the index stays shut to her, and others cannot."""
    whose = await desk.whose()
    ann, lee = whose["C-1"], whose["SHP0000001"]
    assert codes(await desk.ask(REVEAL, {"id": ann})) == []
    assert {id_: (await shown(desk, "service_rep", "rep-7"))[id_] for id_ in (ann, lee)} == {ann: OF_ANN, lee: "…456C"}
    assert (await shown(desk, "service_rep", "rep-8"))[ann] == "…1358"
    assert codes(await desk.ask(FIND, {"one": OF_ANN})) == ["CG201"]


# Looking up


async def test_she_is_found_by_the_whole_of_it_in_any_spelling(desk: Steward) -> None:
    """By who sees it; a part finds nobody, and neither does a number that nobody has."""
    whose = await desk.whose()
    for spelling in ("02476291358", "02 476 291 358", "02-476-291-358"):
        assert await found_by(desk, spelling) == [whose["C-1"]]
    assert await found_by(desk, "qq 12 34 56 c") == [whose["SHP0000001"]]
    for nobody in ("0247629135", "1358", "02476291359", "", "-", "blind.1."):
        assert await found_by(desk, nobody) == []
    asked = '{ customers(first: 9, where: {nationalId: {in: ["QQ123456C", "02476291358", "x"]}}) { totalCount } }'
    assert (await desk.ask(asked, role="privacy_officer"))["data"]["customers"]["totalCount"] == 2
    asked = '{ customers(first: 9, where: {not: {nationalId: {eq: "QQ123456C"}}}) { nodes { id } } }'
    assert (await desk.ask(asked, role="privacy_officer"))["data"]["customers"]["nodes"] == [{"id": whose["C-1"]}]
    asked = '{ invoices(first: 9, where: {paymentReference: {eq: "rf18539007547034"}}) { nodes { number } } }'
    assert (await desk.ask(asked, role="privacy_officer"))["data"]["invoices"]["nodes"] == [{"number": "R-1"}]


@pytest.mark.parametrize("role", ["privacy_officer", "service_rep", "data_steward"])
@pytest.mark.parametrize(
    "argument",
    [
        *(f'where: {{nationalId: {{{one}: "02"}}}}' for one in ("ne", "startsWith", "endsWith", "contains")),
        'where: {nationalId: {notIn: ["02"]}}',
        "where: {nationalId: {isNull: true}}",
        "orderBy: [{nationalId: ASC}]",
    ],
)
async def test_there_is_no_other_way_to_it(desk: Steward, role: str, argument: str) -> None:
    """No part of it, no order, and not whether there is one."""
    assert codes(await desk.ask(f"{{ customers({argument}) {{ nodes {{ id }} }} }}", role=role)) == ["CG201"]


async def test_a_look_up_is_on_record_without_what_was_looked_for(desk: Steward, tmp_path: Path) -> None:
    """By which field rows were chosen, and whose they were."""
    ann = (await desk.whose())["C-1"]
    await found_by(desk, OF_ANN)
    written = b"".join(path.read_bytes() for path in (tmp_path / "trail").rglob("*") if path.is_file())
    assert b"Customer.nationalId" in written
    assert ann.encode() in written
    assert OF_ANN.encode() not in written


# Whose key it is stays true


async def test_a_merge_a_split_and_taking_them_back_seal_anew(desk: Steward) -> None:
    """What she has after each of them opens by her key and is found; after all it is as it was."""
    vault, before = desk.assembly.vault, await owners(desk)
    whose = await desk.whose()
    ann, lee = whose["C-1"], whose["SHP0000001"]
    merged = await desk.do(MERGE, customer=lee, others=[ann])
    assert (await owners(desk))["invoices:R-1"] == lee
    assert await amiss(desk.database, vault) == []
    assert (await shown(desk, "customer", lee)) == {lee: OF_ANN}  # billing is the system of record
    assert (await found_by(desk, OF_ANN), await found_by(desk, OF_LEE)) == ([lee], [])
    await desk.load(*COMPANY)
    assert await amiss(desk.database, vault) == []
    await desk.do(UNDO, decision=merged["id"])
    assert await owners(desk) == before
    assert await shown(desk, "privacy_officer") == {ann: OF_ANN, lee: OF_LEE}
    split = await desk.do(SPLIT, customer=ann, records=[(await desk.records())["K-100001"]])
    new = (await desk.whose())["K-100001"]
    assert new != ann
    assert (await owners(desk))["invoices:R-1"] == new
    assert await amiss(desk.database, vault) == []
    assert {id_: value for id_, value in (await shown(desk, "privacy_officer")).items() if value} == {
        new: OF_ANN,
        lee: OF_LEE,
    }
    assert await found_by(desk, OF_ANN) == [new]
    await desk.do(UNDO, decision=split["id"])
    assert await shown(desk, "privacy_officer") == {ann: OF_ANN, lee: OF_LEE}
    assert await amiss(desk.database, vault) == []


async def test_what_an_older_graph_holds_in_plain_is_sealed(desk: Steward) -> None:
    """By the command and by a load; it is found from then on, and no digest of the plain value stays."""
    vault = desk.assembly.vault
    digests = "MATCH (n:Customer|Invoice) WHERE n.sourceDigest IS NOT NULL RETURN n.sourceDigest"
    for sealing in (lambda: reseal_all(desk.database, vault), lambda: desk.load(*COMPANY)):
        await clear(desk.database)
        await load(desk.database, made(COMPANY), silent)
        ids = await desk.whose()
        before = set(await desk.database.read(digests))
        assert {"invoices:R-1", "invoices:R-2"} <= set(await amiss(desk.database, vault))
        for _ in range(2):
            await sealing()
        assert await amiss(desk.database, vault) == []
        assert not before & set(await desk.database.read(digests))
        assert await found_by(desk, OF_ANN) == [ids["C-1"]]
        assert (await shown(desk, "privacy_officer"))[ids["C-1"]] == OF_ANN


# Her rights


async def test_her_exports_hold_it(desk: Steward, tmp_path: Path) -> None:
    """The access export and what she takes with her, in the open."""
    ann = (await desk.whose())["C-1"]
    for what in ("access", "portability"):
        await exported(desk.assembly, desk.database, desk.trail, what, ann, tmp_path / what)
        written = "".join(path.read_text() for path in (tmp_path / what).rglob("*") if path.suffix in (".json", ".csv"))
        assert OF_ANN in written
        assert PAID in written
        assert "sealed." not in written
        assert blind.MARK not in written


async def test_who_is_forgotten_is_found_by_it_no_more(desk: Steward) -> None:
    """Null with the reason; after a load nothing stands beside it either; of others all does."""
    whose = await desk.whose()
    ann, lee = whose["C-1"], whose["SHP0000001"]
    await vault_in(desk.assembly).forget([ann])
    answer = await desk.ask(OWN, role="customer", subject=ann)
    (one,) = answer["data"]["customers"]["nodes"]
    assert (one["nationalId"], one["_withheld"]) == (None, [{"field": "nationalId", "reason": "ERASED"}])
    await desk.load(*COMPANY)
    held = {row["id"]: row for row in await desk.database.read(HELD)}
    assert (held[ann]["value"], held[ann]["found"], held[ann]["end"]) == (None, None, None)
    assert await found_by(desk, OF_ANN) == []
    assert await found_by(desk, OF_LEE) == [lee]


async def test_an_erasure_leaves_no_value_no_end_and_no_entry(desk: Steward) -> None:
    """Nor of the invoices that have to stay; her key is gone for what backups hold."""
    ann = (await desk.whose())["C-1"]
    before = {row["id"]: row for row in await desk.database.read(HELD)}
    assert desk.assembly.suppression is not None
    means = Means(desk.database, desk.assembly.suppression, (), None, vault_in(desk.assembly))
    await erase(means, ann, reason="request 7", actor="me", role="operator", now=datetime.now(UTC))
    everywhere = "MATCH (n) WHERE any(name IN keys(n) WHERE n[name] = $said) RETURN labels(n)"
    for said in (before[ann]["value"], before[ann]["found"], before[ann]["end"]):
        assert await desk.database.read(everywhere, {"said": said}) == []
    left = await desk.database.read("MATCH (i:Invoice) WHERE i.number = 'R-1' RETURN keys(i)")
    assert not any(name.startswith("payment") for names in left for name in names)
    key = await vault_in(desk.assembly).opening([key_of(before[ann]["value"])])
    assert key[key_of(before[ann]["value"])] is None
    assert await found_by(desk, OF_LEE)


# Rotating


@pytest.mark.timeout(1800)
async def test_data_keys_are_rotated_and_a_backup_from_before_is_shut(tmp_path: Path) -> None:
    """All opens and is found by new keys; of a copy from before no row, no field and no entry of the index is."""
    data, backup = tmp_path / "data", tmp_path / "backup"
    settings = load_settings(data=data)
    vault = vault_of(settings)
    async with Running(data) as database:
        await load(database, made(COMPANY), silent, keys=vault)
        before = await database.read(HELD)
    await asyncio.to_thread(shutil.copytree, data, backup, ignore=lambda _, names: {FOLDER} & set(names), symlinks=True)
    old = await vault.indexing()
    counted = vault.store.counted()
    done = await asyncio.to_thread(
        subprocess.run, [COMMAND, "keys", "rotate", "--data-keys", "--data", str(data)],
        capture_output=True, text=True, check=False, timeout=900, env=SMALL_HEAP,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{counted.keys} old data keys are destroyed." in done.stdout

    now = vault_of(settings)
    assert (now.store.counted().keys, now.store.counted().superseded) == (counted.keys, 0)
    index = await now.indexing()
    assert index is not None
    assert index != old
    async with Running(data) as database:
        assert await amiss(database, now) == []
        after = {row["key"]: row for row in await database.read(HELD)}
        assert {row["key"]: row["end"] for row in before} == {key: row["end"] for key, row in after.items()}
        assert {"02476291358", "QQ123456C", PAID} <= {await opened_of(now, row) for row in after.values()}
        asked = blind.entry(index, "Customer", "nationalId", OF_ANN)
        assert [row["end"] for row in after.values() if row["found"] == asked] == [OF_ANN[-4:]]
        await load(database, made(COMPANY), silent, keys=now)
        assert {row["key"]: row for row in await database.read(HELD)} == after
    async with Running(backup) as database:
        rows = await database.read("MATCH (r:SourceRecord) RETURN {value: r.payload, kept: r.kept}")
        sealed = [row[name] for row in rows for name in ("value", "kept") if row[name] is not None]
        fields = [row for row in await database.read(HELD) if row["value"] is not None]
        sealed += [row["value"] for row in fields]
        assert len(sealed) > len(COMPANY)
        assert await now.opening({key_of(one) for one in sealed}) == {}
        assert not [row for row in fields if row["found"].startswith(blind.begins_with(index))]


async def opened_of(vault: Any, row: dict[str, Any]) -> str | None:
    """A field as it was written."""
    if row["value"] is None:
        return None
    name, label = ("paymentReference", "Invoice") if row["key"].startswith("invoices:") else ("nationalId", "Customer")
    keys = await vault.opening([key_of(row["value"])])
    return opened_with(keys, row["value"], Place(label, name, row["key"]))


async def test_a_list_below_a_change_looks_it_up_too(desk: Steward) -> None:
    """What a change shows afterwards is what a query would."""
    ann = (await desk.whose())["C-1"]
    change = """mutation ($id: ID!, $one: String!) { placeHold(input: {customer: $id, reason: "a case at court"}) {
      legalHold { customer { orders(first: 9) { nodes {
        invoices(first: 9, where: {paymentReference: {eq: $one}}) { nodes { number } } } } } } } }"""
    for asked, found in ((PAID, [{"number": "R-1"}]), (OF_LEE, [])):
        answer = await desk.ask(change, {"id": ann, "one": asked}, role="privacy_officer")
        assert "errors" not in answer, answer
        (order_,) = answer["data"]["placeHold"]["legalHold"]["customer"]["orders"]["nodes"]
        assert order_["invoices"]["nodes"] == found
