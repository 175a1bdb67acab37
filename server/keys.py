"""What `customer-graph keys` does: tell of the keys, rotate them, seal what is plain. No key is ever printed."""

import asyncio
import secrets
import sys
from dataclasses import dataclass

from graph.vault.key_encryption import BYTES
from graph.vault.key_store import Counted
from graph.vault.rotation import drop_superseded, rewrap, supersede
from graph.vault.vault import Vault
from ingest.resealing import Resealed, amiss, reseal_all
from schema.errors import SettingInvalid, VaultKeysMissing
from server import logs, record
from server.alone import alone
from server.assembly import assemble
from server.settings import Settings
from server.vault import key_file_of, vault_of


@dataclass(frozen=True, slots=True)
class Status:
    """What there is of keys: which store, by which key new ones are wrapped, how many."""

    store: str
    wraps: str
    counted: Counted


def status(settings: Settings) -> None:
    """Print what there is. Works beside a running server. Raises VaultKeysMissing and VaultUnavailable."""
    found = status_of(vault_of(settings))
    counted = found.counted
    print(f"store of keys        {found.store}")
    print(f"wraps new keys       {found.wraps}")
    print(f"data keys            {counted.keys - counted.destroyed:,}")
    print(f"of these superseded  {counted.superseded:,}")
    print(f"destroyed            {counted.destroyed:,}")
    for name, count in counted.wrapped_by.items():
        print(f"wrapped by {name}  {count:,}")


def status_of(vault: Vault) -> Status:
    """What there is; and that the key here opens it. Raises VaultKeysMissing and VaultUnavailable."""
    vault.agree()
    return Status(vault.store.id(), vault.encryption.name(), vault.store.counted())


def rotate(settings: Settings, *, data_keys: bool) -> None:
    """Wrap every data key by another key; with `data_keys` seal every value by a new data key, too.

    Raises VaultKeysMissing, VaultUnavailable, and for data keys what `seal` raises.
    """
    print(f"{rotated(settings):,} data keys are wrapped by another key.")
    if data_keys:
        if record.running(settings.data) is not None:
            raise SettingInvalid("A server runs in this data folder and has data keys at hand. Stop it first.")
        asyncio.run(_renew(settings))


def rotated(settings: Settings) -> int:
    """Wrap every data key by the new key; how many. A rotation that broke off is gone on with.

    A key in the data folder is made anew and the old one taken away at the end. Where a setting gives the keys, the
    first of them is the new one, and whoever gave them takes the old one away.
    """
    vault, own = vault_of(settings), settings.key is None
    file = key_file_of(settings)
    if own and len(file.keys()) == 1:
        vault.agree()  # the key of now opens what is there: else another in front of it would not help
        file.write([secrets.token_bytes(BYTES), *file.keys()])
    count = sum(rewrap(vault))
    if left := [one for one in vault.store.counted().wrapped_by if one != vault.encryption.name()]:
        raise VaultKeysMissing(f"Keys are still wrapped by {left[0]}: rotate once more.")
    if own:
        file.write(file.keys()[:1])
    return count


async def _renew(settings: Settings) -> None:
    """A new data key for each owner, values sealed anew, and the old keys destroyed."""
    logs.configure("error")
    assembly = assemble(settings)
    vault = vault_of(settings)
    async with alone(settings, assembly, _quiet) as (database, _):
        if not vault.store.counted().superseded:
            await asyncio.to_thread(supersede, vault)
        vault.forget_remembered()
        done = await reseal_all(database, vault)
        _tell(done)
        if done.unreadable or await amiss(database, vault):
            print("Values are left that could not be sealed anew: the old data keys stay.", file=sys.stderr)
            sys.exit(1)
        print(f"{await asyncio.to_thread(drop_superseded, vault):,} old data keys are destroyed.")


def seal(settings: Settings) -> None:
    """Seal what stands in the graph as it came, and what another's key sealed. May be cut off and begun again.

    Raises what `alone` raises, VaultKeysMissing and VaultUnavailable.
    """
    logs.configure("error")

    async def sealing() -> Resealed:
        assembly = assemble(settings)
        async with alone(settings, assembly, _quiet) as (database, _):
            return await reseal_all(database, assembly.vault)

    done = asyncio.run(sealing())
    _tell(done)
    if done.unreadable:
        sys.exit(1)


def _tell(done: Resealed) -> None:
    print(f"{done.rows:,} rows and nodes with sealed fields looked at, {done.sealed:,} sealed.")
    if done.unreadable:
        print(f"{done.unreadable:,} rows hold what no key here opens; they stay as they are.", file=sys.stderr)


def _quiet(sentence: str) -> None:
    print(sentence, file=sys.stderr)
