"""The vault: whose key seals a value, and which key opens it. Asked in bulk, remembered for a while, bounded.

Whoever writes sealed values asks for the keys first: they are durable before the graph hears of a value that needs
them, so a process that dies in between leaves keys too many and no value that cannot be read.
"""

import asyncio
import secrets
from collections import OrderedDict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from time import monotonic
from typing import Protocol

from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from graph.vault.blind import BlindKey
from graph.vault.key_encryption import KeyEncryption
from graph.vault.key_store import KeyStore, StoredKey, WrappedByAnother, Wrapping
from graph.vault.sealed import KEY_BYTES, DataKey, new_name
from schema.errors import VaultUnavailable

NOBODY = "nobody"
"""Whose records are that are nobody's: the owner of one key for all of them."""
INDEX = "blind index"
"""The owner of the key of the blind index: it is nobody's, so nobody's erasure destroys it."""
SECONDS_REMEMBERED = 60.0
"""So long another server of the same graph may still open what was forgotten elsewhere."""
KEYS_REMEMBERED = 50_000
PROVEN, PROOF = b"customer-graph", ("proof",)
"""What is wrapped to prove that somebody has a key-encryption key, and what it is bound to."""
_TRIES = 3

Found = Mapping[str, DataKey | None]
"""Keys by owner, or by name; None where the key was destroyed. What never was is not in it."""


class Opener(Protocol):
    """What gives the keys that open values."""

    async def opening(self, names: Collection[str]) -> Found:
        """Keys by their names."""
        ...


class Keys(Opener, Protocol):
    """What gives the keys that seal and open values: a Vault, or PLAIN."""

    @property
    def seals(self) -> bool:
        """Whether values are sealed at all."""
        ...

    async def sealing(self, owners: Collection[str], *, make: bool = True) -> Found:
        """The keys of owners."""
        ...

    async def indexing(self, *, make: bool = True) -> BlindKey | None:
        """The key of the blind index."""
        ...

    async def inherit(self, heirs: Mapping[str, str]) -> None:
        """Give the keys of owners who are no more to their heirs."""
        ...


class Plain:
    """No vault: values are written as they are, and none that is sealed can be opened. For graphs of tests."""

    seals = False

    async def sealing(self, owners: Collection[str], *, make: bool = True) -> Found:
        """None is had."""
        return {}

    async def opening(self, names: Collection[str]) -> Found:
        """None is known."""
        return {}

    async def indexing(self, *, make: bool = True) -> BlindKey | None:
        """There is no index: nothing is found by it."""
        return None

    async def inherit(self, heirs: Mapping[str, str]) -> None:
        """Nothing is inherited."""


PLAIN = Plain()


class Vault:
    """Data keys over a store and a key encryption. One event loop uses it; work is done in threads."""

    seals = True

    def __init__(
        self,
        store: KeyStore,
        encryption: KeyEncryption,
        *,
        remembered: int = KEYS_REMEMBERED,
        seconds: float = SECONDS_REMEMBERED,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self.store = store
        self.encryption = encryption
        self._by: str | None = None
        self._by_owner = _Remembered(remembered, seconds, clock)
        self._by_name = _Remembered(remembered, seconds, clock)
        self._seconds, self._clock = seconds, clock
        self._index: tuple[float, BlindKey] | None = None

    async def sealing(self, owners: Collection[str], *, make: bool = True) -> Found:
        """The key that seals for each owner, durable; without `make` of those alone who have one.

        None for who was forgotten: of her nothing is to be kept. Raises VaultUnavailable and VaultKeysMissing.
        """
        found, missing = self._by_owner.known(owners)
        if missing:
            fetched = await asyncio.to_thread(self._sealing, missing, make)
            self._by_owner.take(fetched)
            self._by_name.take({one.name: one for one in fetched.values() if one is not None})
            found |= fetched
        return found

    async def opening(self, names: Collection[str]) -> Found:
        """The keys that open values, by their names. Raises VaultUnavailable and VaultKeysMissing."""
        found, missing = self._by_name.known(names)
        if missing:
            fetched = await asyncio.to_thread(self._opening, missing)
            self._by_name.take(fetched)
            found |= fetched
        return found

    async def indexing(self, *, make: bool = True) -> BlindKey | None:
        """The key of the blind index, durable; without `make` None where there is none yet, so nothing is indexed.

        Raises VaultUnavailable and VaultKeysMissing.
        """
        if self._index is None or self._index[0] <= self._clock():
            found = await asyncio.to_thread(self._indexing, make)
            if found is None:
                return None
            self._index = (self._clock() + self._seconds, found)
        return self._index[1]

    async def forget(self, owners: Collection[str]) -> int:
        """Destroy the keys of owners for ever, durably: customers' ids, or NOBODY. How many keys there were.

        They never get another. Saying it again changes nothing. What other servers remember they forget within
        SECONDS_REMEMBERED. Raises VaultUnavailable.
        """
        gone = await asyncio.to_thread(self.store.destroy, owners)
        self._by_owner.forget(lambda owner, key: owner in owners)
        self._by_name.forget(lambda name, key: key is not None and key.owner in owners)
        return gone

    async def inherit(self, heirs: Mapping[str, str]) -> None:
        """Give the keys of owners who are no more to their heirs, for opening: who forgets the heir destroys them, too.

        What was sealed by them is sealed anew before; copies of the graph may hold it still. Raises VaultUnavailable
        and VaultKeysMissing.
        """
        if heirs:
            await asyncio.to_thread(self._inherit, heirs)
            self._by_owner.forget(lambda owner, key: owner in heirs)
            self._by_name.forget(lambda name, key: key is not None and key.owner in heirs)

    def _inherit(self, heirs: Mapping[str, str]) -> None:
        for _ in range(_TRIES):
            before = [one for one in self.store.of(heirs) if one.wrapped is not None]
            by = self._wraps()
            after = [
                replace(self._wrapped(one.name, heirs[one.owner], by, self._raw(one)), current=False) for one in before
            ]
            try:
                self.store.rewrap(before, after)
            except WrappedByAnother:
                self._by = None
                continue
            return
        raise VaultUnavailable

    def forget_remembered(self) -> None:
        """Look every key up anew: somebody changed them."""
        self._index = None
        self._by_owner.forget(lambda name, key: True)
        self._by_name.forget(lambda name, key: True)

    def agree(self) -> None:
        """Make sure that the key which wraps is here; of a new store it is the newest of ours.

        Raises VaultKeysMissing and VaultUnavailable.
        """
        self._by = None
        self._wraps()

    def turn(self) -> None:
        """Have keys wrapped by the newest of our key-encryption keys from now on, if we have the one of before, too.

        Raises VaultKeysMissing where we have not, and VaultUnavailable.
        """
        known, by = self._proven(), self.encryption.name()
        if known is None or known.by != by:
            self.store.wrap_by(Wrapping(by, self.encryption.wrap(PROVEN, by, PROOF)), instead_of=known)
        self._by = None

    def _wraps(self) -> str:
        """The name of the key that wraps."""
        if self._by is None:
            if (known := self._proven()) is None:
                self.turn()
                known = self._proven()
            assert known is not None
            self._by = known.by
        return self._by

    def _proven(self) -> Wrapping | None:
        known = self.store.wrapping()
        if known is not None:
            self.encryption.unwrap(known.proof, known.by, PROOF)
        return known

    def made(self, owners: Sequence[str]) -> list[StoredKey]:
        """New data keys, wrapped and not kept yet."""
        by = self._wraps()
        return [self._wrapped(new_name(), owner, by, secrets.token_bytes(KEY_BYTES)) for owner in owners]

    def _wrapped(self, name: str, owner: str, by: str, key: bytes) -> StoredKey:
        return StoredKey(name, owner, self.encryption.wrap(key, by, [name, owner]), by)

    def rewrapped(self, keys: Sequence[StoredKey]) -> list[StoredKey]:
        """The same data keys, wrapped by the key of now."""
        by = self._wraps()
        return [replace(self._wrapped(one.name, one.owner, by, self._raw(one)), current=one.current) for one in keys]

    def _raw(self, stored: StoredKey) -> bytes:
        assert stored.wrapped is not None
        assert stored.by is not None
        return self.encryption.unwrap(stored.wrapped, stored.by, [stored.name, stored.owner])

    def _key(self, stored: StoredKey) -> DataKey | None:
        if stored.wrapped is None:
            return None
        return DataKey(stored.name, stored.owner, AESSIV(self._raw(stored)))

    def _sealing(self, owners: Collection[str], make: bool) -> dict[str, DataKey | None]:
        return {owner: self._key(one) for owner, one in self._stored(owners, make).items()}

    def _stored(self, owners: Collection[str], make: bool) -> dict[str, StoredKey]:
        """The current keys of owners as they are kept."""
        for _ in range(_TRIES):
            found = {one.owner: one for one in self.store.current(owners)}
            missing = sorted(set(owners) - found.keys())
            if missing and make:
                try:
                    self.store.add(self.made(missing))
                except WrappedByAnother:
                    self._by = None
                    continue
                found |= {one.owner: one for one in self.store.current(missing)}  # another may have been first
            return found
        raise VaultUnavailable

    def _indexing(self, make: bool) -> BlindKey | None:
        found = self._stored([INDEX], make).get(INDEX)
        return None if found is None else BlindKey(found.name, self._raw(found))

    def _opening(self, names: Collection[str]) -> dict[str, DataKey | None]:
        return {one.name: self._key(one) for one in self.store.named(names)}


class _Remembered:
    """Keys for a while; the least recently used go first."""

    def __init__(self, most: int, seconds: float, clock: Callable[[], float]) -> None:
        self._most, self._seconds, self._clock = most, seconds, clock
        self._held: OrderedDict[str, tuple[float, DataKey | None]] = OrderedDict()

    def known(self, names: Collection[str]) -> tuple[dict[str, DataKey | None], list[str]]:
        now = self._clock()
        found: dict[str, DataKey | None] = {}
        missing = []
        for name in names:
            if (held := self._held.get(name)) is not None and held[0] > now:
                found[name] = held[1]
                self._held.move_to_end(name)
            elif name not in found:
                missing.append(name)
        return found, missing

    def take(self, keys: Mapping[str, DataKey | None]) -> None:
        until = self._clock() + self._seconds
        for name, key in keys.items():
            self._held[name] = (until, key)
            self._held.move_to_end(name)
        while len(self._held) > self._most:
            self._held.popitem(last=False)

    def forget(self, which: Callable[[str, DataKey | None], bool]) -> None:
        for name in [name for name, (_, key) in self._held.items() if which(name, key)]:
            del self._held[name]
