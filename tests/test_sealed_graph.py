"""Secret values in the graph: sealed by the key of whose they are, whatever happens to her; read by who may; erased."""

import asyncio
import json
import shutil
import subprocess
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from auth.issuer import LocalIssuer
from auth.trail import Trail
from graph.embedded import EmbeddedNeo4j
from graph.session import Database
from graph.vault.sealed import Place, is_sealed, key_of
from graph.vault.vault import NOBODY, Vault
from ingest.load import load, preview
from ingest.opening import opened, opened_with
from ingest.records import InvoiceRecord, Parcel
from ingest.resealing import NAMES, amiss, reseal_all
from ingest.sealing import ROW
from schema.errors import SealedUnreadable, VaultKeysMissing
from server.assembly import Assembly, assemble
from server.keys import rotated
from server.privacy import exported
from server.settings import Settings
from server.settings import load as load_settings
from server.vault import FOLDER, agreed, held_to, vault_of
from tests.conftest import SMALL
from tests.small_company import call, decided, house, made, mail, order, person
from tests.test_changes import codes
from tests.test_cli import COMMAND, SECONDS
from tests.test_cli import SMALL as SMALL_HEAP
from tests.test_ingest_load import clear, silent
from tests.test_stewards_desk import MERGE, SPLIT, UNDO, Steward

pytestmark = [pytest.mark.database, pytest.mark.asyncio(loop_scope="session")]

ANN = (
    person("billing", "K-100001", "Ann", "Leigh", email="ann@x.example", born=date(1960, 1, 2)),
    person("crm", "C-1", "Ann", "Leigh", email="ann@x.example", born=date(1960, 1, 2)),
    order("A00000001", "K-100001"),
    InvoiceRecord("R-1", "K-100001", "A00000001", False, date(2025, 1, 2), None, None, 1000, "EUR", 0),
    Parcel("P-1", None, "A00000001", None, "delivered", None, None, None, (), None, None),
    mail("m1", "ann@x.example"),
    decided("d1", "billing", "K-100001", "marketing_email", "granted"),
)
LEE = (person("shipping", "SHP0000001", "Annie", "Lee", phone="+441132345678", lives=house(2, "CD3 4EF")),)
BOB = (person("crm", "C-9", "Bob", "Stone", phone="+441139876543", lives=house(7)), call("c9", caller="+441139876543"))
COMPANY = (*ANN, *LEE, *BOB, call("c7", caller="+441130000000"))

ROWS = "MATCH (r:SourceRecord) RETURN {place: r.sourceKey, id: r.id, payload: r.payload, kept: r.kept}"
TELLING = ("ann@x.example", "Leigh", "+441132345678", "CD3 4EF", "+441130000000")
"""What rows say of persons, as it stands in them."""
ANYWHERE = """MATCH (n) UNWIND keys(n) AS name WITH n, name WHERE name IN $names AND n[name] IS :: STRING NOT NULL
RETURN [labels(n)[0], name, n[name]]"""
PAYLOADS = "{ sourceRecords(first: 100) { nodes { recordId payload _withheld { field reason } } } }"


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Assembly]:
    """What all tests share: the data folder, and an assembly over it."""
    folder = tmp_path_factory.mktemp("sealed")
    return folder, assemble(load_settings(data=folder))


@pytest_asyncio.fixture(loop_scope="session")
async def desk(keys: tuple[Path, Assembly], tmp_path: Path, database: Database) -> AsyncIterator[Steward]:
    """A steward over the company, every secret of which is sealed."""
    await clear(database)
    folder, assembly = keys
    await load(database, made(COMPANY), silent, keys=assembly.vault)
    async with Trail(tmp_path / "trail") as trail:
        yield Steward(assembly, LocalIssuer(folder), database, trail)


def vault_in(assembly: Assembly) -> Vault:
    """Its vault."""
    assert isinstance(assembly.vault, Vault)
    return assembly.vault


async def owners(desk: Steward) -> dict[str, str]:
    """The owner of the key by which each row is sealed, by place; both forms of a row are sealed alike."""
    rows = await desk.database.read(ROWS)
    found = await desk.assembly.vault.opening({key_of(row["payload"]) for row in rows})
    told = {}
    for row in rows:
        key = found[key_of(row["payload"])]
        assert key is not None
        assert row["kept"] is None or key_of(row["kept"]) == key.name
        told[row["place"]] = key.owner
    return told


async def read_by(desk: Steward, customer: str) -> dict[str, Any]:
    """The rows that a customer sees of herself, by key."""
    answer = await desk.ask(PAYLOADS, role="customer", subject=customer)
    assert "errors" not in answer, answer
    return {one["recordId"]: one for one in answer["data"]["sourceRecords"]["nodes"]}


# What stands in the graph


async def test_nothing_of_a_row_stands_in_the_graph_as_it_came(desk: Steward) -> None:
    """No property anywhere holds the text of a row. The same company without a vault shows that this would be found."""
    plain = [orjson_of(read) for read in made(COMPANY).read(silent).reads]

    async def found() -> list[Any]:
        names = await desk.database.read("CALL db.propertyKeys() YIELD propertyKey RETURN propertyKey")
        told = await desk.database.read(ANYWHERE, {"names": names})
        return [one for one in told if one[2] in plain or (one[1] in NAMES and any(word in one[2] for word in TELLING))]

    assert await found() == []
    rows = await desk.database.read(ROWS)
    assert len(rows) == len(COMPANY)
    assert all(is_sealed(row["payload"]) for row in rows)
    await clear(desk.database)
    await load(desk.database, made(COMPANY), silent)
    assert len(await found()) >= len(COMPANY)


def orjson_of(read: Any) -> str:
    """The text of a row."""
    return json.dumps(read.row.payload, separators=(",", ":"), ensure_ascii=False)


async def test_each_row_is_sealed_by_the_key_of_whose_it_is(desk: Steward) -> None:
    """Directly, through what it records, and through what that is about; of nobody's there is one key."""
    whose = await desk.whose()
    assert await owners(desk) == {
        **dict.fromkeys(("billing:K-100001", "crm:C-1"), whose["C-1"]),
        **dict.fromkeys(("orders:A00000001", "billing/invoices:R-1", "shipping/shipments:P-1"), whose["C-1"]),
        **dict.fromkeys(("mail:m1", "consents:d1"), whose["C-1"]),
        "shipping:SHP0000001": whose["SHP0000001"],
        **dict.fromkeys(("crm:C-9", "calls:c9"), whose["C-9"]),
        "calls:c7": NOBODY,
    }
    assert await amiss(desk.database, desk.assembly.vault) == []


async def test_the_same_again_changes_nothing(desk: Steward) -> None:
    """A sealed text stays what it is, so a load finds that it has nothing to write, and so does its preview."""
    before = await desk.database.read(ROWS)
    await desk.load(*COMPANY)
    assert await desk.database.read(ROWS) == before
    would = await preview(desk.database, made(COMPANY), silent, keys=desk.assembly.vault)
    assert all(one.same and not (one.new or one.changed or one.gone) for one in would.tables.values())


async def test_a_look_makes_no_key(desk: Steward) -> None:
    """What a load would do is told without making keys for whom it would make."""
    vault = vault_in(desk.assembly)
    before = vault.store.counted()
    new = person("crm", "C-77", "Eve", "Nova", email="eve@x.example")
    would = await preview(desk.database, made((*COMPANY, new)), silent, keys=vault)
    assert would.customers.new == 1
    assert vault.store.counted() == before


# Whose key it is stays true


async def test_a_merge_a_split_and_taking_them_back_seal_anew(desk: Steward) -> None:
    """After each of them every row of hers opens by her key, and after all it is as it was."""
    vault, before, rows = desk.assembly.vault, await owners(desk), await desk.database.read(ROWS)
    whose = await desk.whose()
    merged = await desk.do(MERGE, customer=whose["C-1"], others=[whose["SHP0000001"]])
    assert (await owners(desk))["shipping:SHP0000001"] == whose["C-1"]
    assert await amiss(desk.database, vault) == []
    await desk.load(*COMPANY)
    assert await amiss(desk.database, vault) == []
    await desk.do(UNDO, decision=merged["id"])
    assert await owners(desk) == before
    assert await desk.database.read(ROWS) == rows
    split = await desk.do(SPLIT, customer=whose["C-1"], records=[(await desk.records())["C-1"]])
    new = (await desk.whose())["C-1"]
    assert new != whose["C-1"]
    assert (await owners(desk))["crm:C-1"] == new
    assert await amiss(desk.database, vault) == []
    await desk.do(UNDO, decision=split["id"])
    assert await amiss(desk.database, vault) == []


async def test_customers_whom_a_load_joins_are_forgotten_together(desk: Steward) -> None:
    """Rows that were not delivered again come along, and so do the keys by which copies of before are sealed."""
    vault, whose = vault_in(desk.assembly), await desk.whose()
    rows = {row["place"]: row for row in await desk.database.read(ROWS)}
    both = person("crm", "C-9", "Annie", "Lee", phone="+441132345678", email="ann@x.example", lives=house(2, "CD3 4EF"))
    await desk.load(*LEE, both)
    after = await desk.whose()
    gone = {"C-9", "SHP0000001"} - {key for key in ("C-9", "SHP0000001") if after[key] == whose[key]}
    assert len(gone) == 1
    assert await amiss(desk.database, vault) == []
    old = rows["crm:C-9" if gone == {"C-9"} else "shipping:SHP0000001"]["payload"]
    key = (await vault.opening([key_of(old)]))[key_of(old)]
    assert key is not None
    assert key.owner == after["C-9"]


async def test_a_key_without_a_value_is_all_that_a_load_cut_off_leaves(desk: Steward) -> None:
    """Keys are durable before the graph hears of them: whatever is in the graph opens, and the next load goes on."""

    class Cut(Exception):
        """The process ends here."""

    class Ending:
        """A graph that takes three transactions more."""

        def __init__(self) -> None:
            self.left = 3

        def __getattr__(self, name: str) -> Any:
            return getattr(desk.database, name)

        async def write_many(self, *said: Any) -> Any:
            self.left -= 1
            if self.left < 0:
                raise Cut
            return await desk.database.write_many(*said)

    await clear(desk.database)
    with pytest.raises(Cut):
        await load(Ending(), made(COMPANY), silent, keys=desk.assembly.vault)
    vault = Vault(vault_in(desk.assembly).store, vault_in(desk.assembly).encryption)  # as a process that starts anew
    rows = await desk.database.read(ROWS)
    assert all(row["payload"] for row in await opened(vault, rows, {"payload": "payload"}))
    await desk.load(*COMPANY)
    assert await amiss(desk.database, vault) == []


# An older graph


async def test_what_an_older_version_left_plain_is_sealed(desk: Steward) -> None:
    """By the command, which may be cut off, and by a load; no digest of a plain row stays."""
    vault = desk.assembly.vault
    for seal in (lambda: reseal_all(desk.database, vault), lambda: desk.load(*COMPANY)):
        await clear(desk.database)
        await load(desk.database, made(COMPANY), silent)
        digests = dict(await desk.database.read("MATCH (r:SourceRecord) RETURN [r.sourceKey, r.sourceDigest]"))
        assert len(await amiss(desk.database, vault)) == len(COMPANY)
        for _ in range(2):
            await seal()
        assert await amiss(desk.database, vault) == []
        told = await desk.database.read("MATCH (r:SourceRecord) RETURN [r.sourceKey, r.sourceDigest]")
        assert all(digest != digests[place] for place, digest in told)
        assert json.loads((await read_by(desk, (await desk.whose())["C-9"]))["C-9"]["payload"])["key"] == "C-9"


# Reading


async def test_she_reads_her_own_row_and_her_exports_hold_it(desk: Steward, tmp_path: Path) -> None:
    """As it came, though it stands sealed."""
    ann = (await desk.whose())["C-1"]
    row = next(read for read in made(ANN).read(silent).reads if read.record.key == "C-1")
    told = await read_by(desk, ann)
    assert json.loads(told["C-1"]["payload"]) == row.row.payload
    assert told["C-1"]["_withheld"] == []
    await exported(desk.assembly, desk.database, desk.trail, "access", ann, tmp_path / "access")
    access = json.loads((tmp_path / "access" / "access.json").read_text())
    found = {one["recordId"]: one["payload"] for one in access["records"]["sourceRecords"]}
    assert json.loads(found["C-1"]) == row.row.payload
    assert "sealed." not in (tmp_path / "access" / "access.json").read_text()


async def test_who_does_not_see_it_has_nothing_opened(desk: Steward, monkeypatch: pytest.MonkeyPatch) -> None:
    """A role to whom the policy withholds it causes no look-up of a key. A customer's own does: that would be seen."""
    asked: list[Any] = []
    vault = vault_in(desk.assembly)
    opening = vault.opening

    async def counting(names: Any) -> Any:
        asked.append(names)
        return await opening(names)

    monkeypatch.setattr(vault, "opening", counting)
    for role in ("data_steward", "auditor", "privacy_officer"):
        answer = await desk.ask(PAYLOADS.replace("recordId", "id"), role=role)
        assert "errors" not in answer, answer
        rows = answer["data"]["sourceRecords"]["nodes"]
        assert rows
        assert {row["payload"] for row in rows} == {None}
        assert {tuple(one.values()) for row in rows for one in row["_withheld"]} == {("payload", "POLICY")}
    assert asked == []
    await read_by(desk, (await desk.whose())["C-1"])
    assert asked


@pytest.mark.parametrize("where", ['{ payload: { contains: "Leigh" } }', '{ payload: { eq: "x" } }'])
async def test_nobody_filters_or_sorts_by_it(desk: Steward, where: str) -> None:
    """Not even who reads it: there is no such field of the filter and of the order."""
    ann = (await desk.whose())["C-1"]
    for part in (f"where: {where}", "orderBy: [{ payload: ASC }]"):
        answer = await desk.ask(f"{{ sourceRecords({part}) {{ nodes {{ id }} }} }}", role="customer", subject=ann)
        assert codes(answer) == ["CG201"]


async def test_a_value_that_was_moved_or_altered_is_null_with_an_error(desk: Steward) -> None:
    """Of that field alone; no word of what stands there."""
    ann = (await desk.whose())["C-1"]
    await desk.database.write(
        "MATCH (r:SourceRecord {sourceKey: 'crm:C-1'}), (o:SourceRecord {sourceKey: 'billing:K-100001'}) "
        "SET r.payload = o.payload RETURN 1"
    )
    answer = await desk.ask(PAYLOADS, role="customer", subject=ann)
    (error,) = answer["errors"]
    assert error["extensions"]["code"] == SealedUnreadable.code
    assert error["path"][-1] == "payload"
    told = {one["recordId"]: one["payload"] for one in answer["data"]["sourceRecords"]["nodes"]}
    assert told["C-1"] is None
    assert told["K-100001"]


# Forgetting


async def test_who_is_forgotten_reads_as_erased_and_others_as_before(desk: Steward) -> None:
    """Null, with the reason; a load keeps nothing of her any more."""
    vault, whose = vault_in(desk.assembly), await desk.whose()
    ann, bob = whose["C-1"], whose["C-9"]
    assert await vault.forget([ann]) == 1
    told = await read_by(desk, ann)
    assert {one["payload"] for one in told.values()} == {None}
    assert all(one["_withheld"] == [{"field": "payload", "reason": "ERASED"}] for one in told.values())
    assert (await read_by(desk, bob))["C-9"]["payload"]
    await desk.load(*COMPANY)
    held = {row["place"]: row for row in await desk.database.read(ROWS)}
    assert held["crm:C-1"]["payload"] is None
    assert held["crm:C-1"]["kept"] is None
    assert (await read_by(desk, bob))["C-9"]["payload"]


async def test_a_backup_of_the_graph_holds_nothing_of_who_was_forgotten(tmp_path: Path) -> None:
    """The folder of a stopped Neo4j, and the data folder without the store of keys, copied before: with the key that
    wraps and all keys that are left, every value of hers stays shut, and another's opens.
    """
    data, backup = tmp_path / "data", tmp_path / "backup"
    settings = load_settings(data=data)
    vault = vault_of(settings)
    async with Running(data) as database:
        await load(database, made(COMPANY), silent, keys=vault)
        whose = dict(await database.read("MATCH (r:SourceRecord)-[:RESOLVES_TO]->(c) RETURN [r.recordId, c.id]"))
    await asyncio.to_thread(shutil.copytree, data, backup, ignore=lambda _, names: {FOLDER} & set(names), symlinks=True)
    assert (backup / "vault.key").read_text() == (data / "vault.key").read_text()
    assert not (backup / FOLDER).exists()
    assert await vault.forget([whose["C-1"]]) == 1

    async with Running(backup) as database:
        left = vault_of(settings)  # the keys that are left, and the key that wraps
        shut, open_ = 0, 0
        for row in await database.read(ROWS):
            for name in ("payload", "kept"):
                if row[name] is None:
                    continue
                found = await left.opening([key_of(row[name])])
                said = opened_with(found, row[name], Place(ROW, name, row["place"]))
                hers = row["place"] in OF_ANN
                assert (said is None) is hers
                shut, open_ = shut + hers, open_ + (not hers)
        assert shut == 2 * len(ANN)
        assert open_ >= len(BOB)


OF_ANN = {
    *("billing:K-100001", "crm:C-1", "orders:A00000001", "billing/invoices:R-1", "shipping/shipments:P-1"),
    *("mail:m1", "consents:d1"),
}


class Running:
    """A Neo4j of its own on a data folder, for as long as the block lasts."""

    def __init__(self, data: Path) -> None:
        self.server = EmbeddedNeo4j(data, SMALL)

    async def __aenter__(self) -> Database:
        self.database = Database(await self.server.start(), statement_seconds=240, seconds_before_doubt=240)
        return self.database

    async def __aexit__(self, *_: object) -> None:
        await self.database.close()
        await self.server.stop()


# The keys of a graph


async def test_another_store_of_keys_is_not_taken_for_the_graphs(desk: Steward, tmp_path: Path) -> None:
    """A server that was started without its keys stops, before it seals by keys that nobody else has."""
    await clear(desk.database)
    await agreed(desk.database, vault_in(desk.assembly))
    await agreed(desk.database, vault_in(desk.assembly))
    await held_to(desk.database, vault_in(desk.assembly))
    other = vault_of(load_settings(data=tmp_path / "other"))
    for check in (agreed, held_to):
        with pytest.raises(VaultKeysMissing):
            await check(desk.database, other)
    await clear(desk.database)
    await held_to(desk.database, other)


async def test_a_rotation_changes_no_value_and_goes_on_where_it_broke_off(tmp_path: Path) -> None:
    """The file of the data folder is made anew, and the old key is gone from it at the end."""
    settings = load_settings(data=tmp_path)
    keys = await vault_of(settings).sealing(["cus_1", "cus_2"])
    before = (tmp_path / "vault.key").read_text()
    assert rotated(settings) == 2
    after = (tmp_path / "vault.key").read_text()
    assert len(after.split()) == 1
    assert after != before
    (tmp_path / "vault.key").write_text(f"{'cd' * 64}\n{after}")  # as a process leaves it that was killed at once
    assert rotated(settings) == 2
    assert (tmp_path / "vault.key").read_text().split() == ["cd" * 64]
    assert await vault_of(settings).sealing(["cus_1", "cus_2"]) == keys


async def test_keys_that_a_setting_gives_are_rotated_by_it(tmp_path: Path) -> None:
    """Nothing is written but the store: whoever gave both takes the old one away."""
    old, new = "ab" * 64, "cd" * 64

    def given(key: str) -> Settings:
        return load_settings(data=tmp_path, key=key)

    keys = await vault_of(given(old)).sealing(["cus_1"])
    assert rotated(given(f"{new} {old}")) == 1
    assert await vault_of(given(new)).sealing(["cus_1"]) == keys
    with pytest.raises(VaultKeysMissing):
        await vault_of(given(old)).sealing(["cus_1"])
    assert not (tmp_path / "vault.key").exists()


async def test_the_commands_print_no_key(tmp_path: Path) -> None:
    """Names, figures, and what to do."""
    await vault_of(load_settings(data=tmp_path)).sealing(["cus_1"])
    secret = (tmp_path / "vault.key").read_text().strip()
    for words in (("keys", "status"), ("keys", "rotate"), ("keys", "status"), ("doctor",)):
        done = await asyncio.to_thread(
            subprocess.run, [COMMAND, *words, "--data", str(tmp_path)],
            capture_output=True, text=True, check=False, timeout=SECONDS, env=SMALL_HEAP,
        )  # fmt: skip
        said = done.stdout + done.stderr
        assert "data keys" in said, said
        assert secret not in said
        assert (tmp_path / "vault.key").read_text().strip() not in said
