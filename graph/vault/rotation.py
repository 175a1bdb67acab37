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
    vault.agree()
    name = vault.encryption.name()
    while before := vault.store.not_wrapped_by(name, at_once):
        vault.store.rewrap(before, vault.rewrapped(before))
        yield len(before)
