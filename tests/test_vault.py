"""The vault: a value opens under its owner's key and in its place alone; keys rotate; who is forgotten is for ever."""

import asyncio
import os
import sqlite3
import subprocess
import sys
from collections.abc import Collection
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from hypothesis import given
from hypothesis import strategies as st

from graph.vault.key_encryption import BYTES, KeyFile, LocalKeyEncryption, name_of
from graph.vault.key_store import FILE, KeyFolder, StoredKey
from graph.vault.rotation import rewrap
from graph.vault.sealed import KEY_BYTES, MARK, DataKey, Place, is_sealed, key_of, new_name, seal, unseal
from graph.vault.vault import NOBODY, Vault
from schema.errors import SealedUnreadable, VaultKeysMissing, VaultUnavailable

KEY = DataKey(new_name(), "cus_1", AESSIV(b"k" * KEY_BYTES))
HERE = Place("SourceRecord", "payload", "crm:1")
TEXTS = st.text(max_size=200)
PLACES = st.builds(Place, st.text(max_size=9), st.text(max_size=9), st.text(max_size=9))
ADA, BOB = "cus_ada", "cus_bob"


def key_encryption(*keys: bytes) -> LocalKeyEncryption:
    """These keys; the first wraps."""
    return LocalKeyEncryption(lambda: keys)


def vault_in(folder: Path, *keys: bytes) -> Vault:
    """A vault as another process would open it."""
    return Vault(KeyFolder(folder), key_encryption(*(keys or (b"1" * BYTES,))))


# The form of a value


@given(TEXTS, PLACES)
def test_what_is_sealed_opens_again(text: str, place: Place) -> None:
    sealed = seal(KEY, text, place)
    assert unseal(KEY, sealed, place) == text
    assert is_sealed(sealed)
    assert key_of(sealed) == KEY.name


@given(TEXTS, PLACES, PLACES)
def test_it_opens_where_it_stands_and_nowhere_else(text: str, place: Place, other: Place) -> None:
    sealed = seal(KEY, text, place)
    if other != place:
        with pytest.raises(SealedUnreadable):
            unseal(KEY, sealed, other)


@given(TEXTS, st.data())
def test_changing_any_character_refuses(text: str, data: st.DataObject) -> None:
    sealed = seal(KEY, text, HERE)
    at = data.draw(st.integers(0, len(sealed) - 1))
    put = data.draw(st.sampled_from("ABCxyz019-_.=+/ é").filter(lambda one: one != sealed[at]))
    with pytest.raises(SealedUnreadable):
        unseal(KEY, sealed[:at] + put + sealed[at + 1 :], HERE)


@given(TEXTS, st.data())
def test_a_part_of_it_and_more_than_it_refuse(text: str, data: st.DataObject) -> None:
    sealed = seal(KEY, text, HERE)
    for other in (sealed[: data.draw(st.integers(0, len(sealed) - 1))], sealed + "A", sealed + "="):
        with pytest.raises(SealedUnreadable):
            unseal(KEY, other, HERE)


@given(TEXTS)
def test_another_key_opens_nothing(text: str) -> None:
    other = DataKey(KEY.name, KEY.owner, AESSIV(b"o" * KEY_BYTES))
    with pytest.raises(SealedUnreadable):
        unseal(other, seal(KEY, text, HERE), HERE)


def test_a_value_is_sealed_the_same_each_time_and_tells_nothing_of_another() -> None:
    """A load that finds the same again writes nothing; two records with one value do not look alike."""
    assert seal(KEY, "1234", HERE) == seal(KEY, "1234", HERE)
    elsewhere = Place("SourceRecord", "payload", "crm:2")
    assert seal(KEY, "1234", HERE).rpartition(".")[2][:20] != seal(KEY, "1234", elsewhere).rpartition(".")[2][:20]


def test_a_key_shows_in_no_representation() -> None:
    assert "cipher" not in repr(KEY)
    assert repr(KEY) == f"DataKey(name={KEY.name!r}, owner='cus_1')"


# Whose key it is


@pytest.mark.asyncio
async def test_each_owner_has_one_key_and_keeps_it(tmp_path: Path) -> None:
    vault = vault_in(tmp_path)
    first = await vault.sealing([ADA, BOB, NOBODY])
    assert len({key.name for key in first.values() if key}) == 3
    again = await vault_in(tmp_path).sealing([ADA, BOB])
    assert again == {ADA: first[ADA], BOB: first[BOB]}
    sealed = seal(first[ADA] or KEY, "secret", HERE)
    opening = await vault_in(tmp_path).opening([key_of(sealed)])
    assert unseal(opening[key_of(sealed)] or KEY, sealed, HERE) == "secret"


@pytest.mark.asyncio
async def test_two_processes_make_one_key(tmp_path: Path) -> None:
    """What the first made is what the second seals with, also where both found none."""
    vaults = [vault_in(tmp_path) for _ in range(4)]
    found = await asyncio.gather(*(one.sealing([f"cus_{n}" for n in range(20)]) for one in vaults))
    assert all(one == found[0] for one in found)


@pytest.mark.asyncio
async def test_looking_makes_no_key(tmp_path: Path) -> None:
    vault = vault_in(tmp_path)
    assert await vault.sealing([ADA], make=False) == {}
    assert await vault.opening(["never"]) == {}
    assert vault.store.counted().keys == 0


@pytest.mark.asyncio
async def test_keys_at_hand_are_not_looked_up_and_are_bounded(tmp_path: Path) -> None:
    """A live batch of customers who are known asks nobody; what was remembered long enough is looked up anew."""
    now = [0.0]
    asked: list[int] = []

    class Counting(KeyFolder):
        def current(self, owners: Collection[str]) -> list[StoredKey]:
            asked.append(len(owners))
            return super().current(owners)

    vault = Vault(Counting(tmp_path), key_encryption(b"1" * BYTES), remembered=3, seconds=60, clock=lambda: now[0])
    many = [f"cus_{n}" for n in range(10)]
    await vault.sealing(many)
    asked.clear()
    await vault.sealing(many[-3:])
    assert asked == []
    await vault.sealing(many)
    assert asked == [7]
    now[0] = 61
    asked.clear()
    await vault.sealing(many[-3:])
    assert asked == [3]


def test_the_store_is_its_owners_alone(tmp_path: Path) -> None:
    folder = tmp_path / "keys"
    KeyFolder(folder).id()
    assert (folder.stat().st_mode & 0o777, (folder / FILE).stat().st_mode & 0o777) == (0o700, 0o600)


@pytest.mark.asyncio
async def test_a_store_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"this is no database, whoever wrote it" * 100)
    with pytest.raises(VaultUnavailable):
        await vault_in(tmp_path).sealing([ADA])


@pytest.mark.asyncio
async def test_a_wrapped_key_that_was_given_to_another_is_refused(tmp_path: Path) -> None:
    """Who may write the store cannot make one customer's key open another's values."""
    await vault_in(tmp_path).sealing([ADA, BOB])
    with sqlite3.connect(tmp_path / FILE) as database:
        (wrapped,) = database.execute("SELECT wrapped FROM keys WHERE owner = ?", (ADA,)).fetchone()
        database.execute("UPDATE keys SET wrapped = ? WHERE owner = ?", (wrapped, BOB))
    database.close()
    with pytest.raises(VaultUnavailable):
        await vault_in(tmp_path).sealing([BOB])


# Forgetting


@pytest.mark.asyncio
async def test_who_is_forgotten_is_for_ever(tmp_path: Path) -> None:
    vault = vault_in(tmp_path)
    keys = await vault.sealing([ADA, BOB])
    name = (keys[ADA] or KEY).name
    assert await vault.forget([ADA, "cus_unknown"]) == 1
    assert await vault.forget([ADA, "cus_unknown"]) == 0
    for one in (vault, vault_in(tmp_path)):
        assert await one.opening([name]) == {name: None}
        assert await one.sealing([ADA, "cus_unknown"]) == {ADA: None, "cus_unknown": None}
        assert (await one.sealing([BOB]))[BOB] == keys[BOB]


@pytest.mark.asyncio
async def test_nothing_of_a_destroyed_key_stays_in_the_file(tmp_path: Path) -> None:
    vault = vault_in(tmp_path)
    await vault.sealing([f"cus_{n}" for n in range(200)])
    (stored,) = vault.store.current(["cus_7"])
    assert stored.wrapped is not None
    assert stored.wrapped in (tmp_path / FILE).read_bytes()
    await vault.forget(["cus_7"])
    assert [one.name for one in tmp_path.iterdir()] == [FILE]
    assert stored.wrapped not in (tmp_path / FILE).read_bytes()


@pytest.mark.asyncio
async def test_a_key_that_was_inherited_is_forgotten_with_the_heir(tmp_path: Path) -> None:
    """A load joined two: copies of the graph from before hold values under the key of who is no more."""
    vault = vault_in(tmp_path)
    old = (await vault.sealing([ADA, BOB]))[ADA] or KEY
    await vault.inherit({ADA: BOB})
    found = (await vault.opening([old.name]))[old.name]
    assert found is not None
    assert found.owner == BOB
    assert await vault.forget([BOB]) == 2
    assert await vault_in(tmp_path).opening([old.name]) == {old.name: None}


FORGET_AND_DIE = """
import asyncio, os, sys
from pathlib import Path
from tests.test_vault import ADA, vault_in

async def die() -> None:
    await vault_in(Path(sys.argv[1])).forget([ADA])
    os._exit(9)

asyncio.run(die())
"""


@pytest.mark.asyncio
async def test_what_was_forgotten_stays_so_when_the_process_is_killed(tmp_path: Path) -> None:
    await vault_in(tmp_path).sealing([ADA])
    dead = await asyncio.to_thread(subprocess.run, [sys.executable, "-c", FORGET_AND_DIE, str(tmp_path)], check=False)
    assert dead.returncode == 9
    assert await vault_in(tmp_path).sealing([ADA]) == {ADA: None}


# Key-encryption keys


@pytest.mark.asyncio
async def test_another_key_is_refused_before_anything_is_sealed(tmp_path: Path) -> None:
    await vault_in(tmp_path, b"1" * BYTES).sealing([ADA])
    stranger = vault_in(tmp_path, b"2" * BYTES)
    for ask in (stranger.agree, lambda: asyncio.run(stranger.sealing([ADA]))):
        with pytest.raises(VaultKeysMissing):
            await asyncio.to_thread(ask)
    with pytest.raises(VaultKeysMissing):
        await stranger.sealing([BOB])


@pytest.mark.parametrize("cut_off_after", [0, 1, 3, None])
@pytest.mark.asyncio
async def test_after_a_rotation_all_is_readable_and_the_old_key_may_go(
    tmp_path: Path, cut_off_after: int | None
) -> None:
    """Also where it was cut off in between, and begun again."""
    old, new = b"1" * BYTES, b"2" * BYTES
    owners = [f"cus_{n}" for n in range(10)]
    before = await vault_in(tmp_path, old).sealing(owners)
    await vault_in(tmp_path, old).forget([owners[3]])
    if cut_off_after is not None:
        steps = rewrap(vault_in(tmp_path, new, old), at_once=2)
        for _ in range(cut_off_after):
            next(steps)
        both = await vault_in(tmp_path, new, old).sealing(owners)
        assert both == {**before, owners[3]: None}
    assert sum(rewrap(vault_in(tmp_path, new, old), at_once=2)) == 9 - 2 * (cut_off_after or 0)
    vault = vault_in(tmp_path, new)
    assert await vault.sealing(owners) == {**before, owners[3]: None}
    assert vault.store.counted().wrapped_by == {name_of(new): 9}


@pytest.mark.asyncio
async def test_a_server_that_has_both_keys_goes_on_by_the_old_one_until_somebody_rotates(tmp_path: Path) -> None:
    """So servers may be given the new key one after the other, and each makes keys that all of them unwrap."""
    old, new = b"1" * BYTES, b"2" * BYTES
    await vault_in(tmp_path, old).sealing([ADA])
    found = await vault_in(tmp_path, new, old).sealing([BOB])
    assert await vault_in(tmp_path, old).sealing([BOB]) == found
    assert vault_in(tmp_path, old).store.counted().wrapped_by == {name_of(old): 2}


@pytest.mark.asyncio
async def test_keys_are_not_inherited_under_a_key_that_goes(tmp_path: Path) -> None:
    """What is wrapped anew for an heir beside a rotation is wrapped by the new key, or not at all."""
    old, new = b"1" * BYTES, b"2" * BYTES
    running = vault_in(tmp_path, old, new)
    name = ((await running.sealing([ADA, BOB]))[ADA] or KEY).name
    list(rewrap(vault_in(tmp_path, new, old)))
    await running.inherit({ADA: BOB})
    assert set(running.store.counted().wrapped_by) == {name_of(new)}
    assert (await vault_in(tmp_path, new).opening([name]))[name] is not None


@pytest.mark.asyncio
async def test_a_server_with_the_old_key_makes_no_key_that_would_be_lost(tmp_path: Path) -> None:
    old, new = b"1" * BYTES, b"2" * BYTES
    running = vault_in(tmp_path, old)
    await running.sealing([ADA])
    list(rewrap(vault_in(tmp_path, new, old)))
    with pytest.raises(VaultKeysMissing):
        await running.sealing([BOB])
    assert (await vault_in(tmp_path, new).sealing([BOB]))[BOB] is not None


@pytest.mark.asyncio
async def test_a_server_takes_a_new_key_from_its_file(tmp_path: Path) -> None:
    file = KeyFile(tmp_path / "vault.key")
    file.make()
    assert file.path.stat().st_mode & 0o777 == 0o600
    running = Vault(KeyFolder(tmp_path / "keys"), LocalKeyEncryption(file.keys))
    await running.sealing([ADA])
    (old,) = file.keys()
    file.write([os.urandom(BYTES), old])
    list(rewrap(Vault(KeyFolder(tmp_path / "keys"), LocalKeyEncryption(file.keys))))
    file.write(file.keys()[:1])
    assert (await running.sealing([BOB]))[BOB] is not None
    assert set(running.store.counted().wrapped_by) == {name_of(file.keys()[0])}


def test_a_damaged_file_of_keys_is_told(tmp_path: Path) -> None:
    file = KeyFile(tmp_path / "vault.key")
    file.path.write_text("00" * (BYTES - 1))
    for _ in range(2):
        with pytest.raises(VaultKeysMissing):
            file.keys()
        file.path.unlink(missing_ok=True)


def test_a_sealed_value_begins_as_it_says() -> None:
    assert seal(KEY, "", HERE).startswith(f"{MARK}{KEY.name}.")
