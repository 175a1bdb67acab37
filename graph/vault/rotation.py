"""Rotation: data keys wrapped by another key-encryption key, some at a time; what breaks off is gone on with.

The data keys themselves stay, so no value changes. Once none is left under the old key, that may be destroyed, and with
it whatever a disk or a backup still has of keys that were wrapped by it.
"""

from collections.abc import Iterator

from graph.vault.vault import Vault

AT_ONCE = 500


def rewrap(vault: Vault, at_once: int = AT_ONCE) -> Iterator[int]:
    """Have every data key wrapped by the first of the vault's keys; how many each step wrapped.

    From the first step on nobody adds a key under another. Raises VaultKeysMissing and VaultUnavailable.
    """
    vault.turn()
    name = vault.encryption.name()
    while before := vault.store.not_wrapped_by(name, at_once):
        vault.store.rewrap(before, vault.rewrapped(before))
        yield len(before)


def supersede(vault: Vault, at_once: int = AT_ONCE) -> int:
    """Give every owner a new data key; the old one opens what it sealed until it is dropped. How many owners.

    Raises VaultKeysMissing and VaultUnavailable.
    """
    vault.agree()
    count, after = 0, ""
    while owners := vault.store.owners(after, at_once):
        vault.store.supersede(vault.made(owners))
        count, after = count + len(owners), owners[-1]
    vault.forget_remembered()
    return count


def drop_superseded(vault: Vault) -> int:
    """Destroy the keys that only open, once nothing in the graph needs them; how many.

    Copies of the graph that hold values under them are unreadable from then on. Raises VaultUnavailable.
    """
    gone = vault.store.drop_superseded()
    vault.forget_remembered()
    return gone
