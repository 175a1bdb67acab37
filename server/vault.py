"""The vault of a server: where its keys are, and that they are the graph's before anything is sealed or opened."""

import asyncio
from functools import cache
from pathlib import Path

from graph.session import Database
from graph.vault.key_encryption import KeyFile, LocalKeyEncryption, keys_written
from graph.vault.key_store import KeyFolder
from graph.vault.vault import Vault
from schema.errors import VaultKeysMissing
from server.settings import Settings

KEY_FILE = "vault.key"
"""In the data folder, where no setting gives a key: what wraps the keys in the folder of keys."""
FOLDER = "keys"


def vault_of(settings: Settings) -> Vault:
    """The vault that the settings name; its key is made in the data folder where none is given.

    Raises VaultUnavailable and VaultKeysMissing.
    """
    return Vault(KeyFolder(folder_of(settings)), encryption_of(settings))


def folder_of(settings: Settings) -> Path:
    """Where the store of keys is."""
    return settings.keys or settings.data / FOLDER


def encryption_of(settings: Settings) -> LocalKeyEncryption:
    """What wraps data keys. Raises VaultUnavailable where its file cannot be made."""
    if settings.key is not None:
        given = keys_written(settings.key.get_secret_value())
        return LocalKeyEncryption(lambda: given)
    file = key_file_of(settings)
    if not (folder_of(settings)).exists():
        file.make()  # with keys there and their key gone, another key would hide what is wrong
    return LocalKeyEncryption(file.keys)


def key_file_of(settings: Settings) -> KeyFile:
    """The file of the key that wraps, where no setting gives one."""
    return KeyFile(settings.data / KEY_FILE)


async def agreed(database: Database, vault: Vault) -> None:
    """Hold the graph to this store of keys, the first time; later make sure that it is the same.

    Raises VaultKeysMissing for another one and for a key that does not unwrap what is there, VaultUnavailable, and
    the errors of the database.
    """
    own = await asyncio.to_thread(vault.store.id)
    await asyncio.to_thread(vault.agree)
    (of_the_graph,) = await database.write(_text("sealed_by"), {"store": own})
    if of_the_graph != own:
        raise VaultKeysMissing


async def held_to(database: Database, vault: Vault) -> None:
    """Make sure that a graph that was sealed before is by this store of keys; nothing is changed in it.

    Raises VaultKeysMissing, VaultUnavailable, and the errors of the database.
    """
    held = await database.read(_text("sealed_by_which"))
    if held and held[0] != await asyncio.to_thread(vault.store.id):
        raise VaultKeysMissing
    if held:
        await asyncio.to_thread(vault.agree)


@cache
def _text(name: str) -> str:
    return (Path(__file__).parent / "statements" / f"{name}.cypher").read_text(encoding="utf-8")
