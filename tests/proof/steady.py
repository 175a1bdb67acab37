"""Chances that stay when something is added: each drawing has a name of its own, and picks are made by rank.

Drawn one after the other from one generator, a type that joins the model would make every later drawing another.
"""

import random
from collections.abc import Callable, Iterable
from hashlib import blake2b
from typing import TypeVar

One = TypeVar("One")


def drawing(*name: object) -> random.Random:
    """The generator of one drawing, the same for the same name."""
    return random.Random(" ".join(map(str, name)))


def pick(chance: random.Random, among: Iterable[One], key: Callable[[One], str] = str) -> One:
    """One of several. With more to pick from it is the same one, unless it is one of those that came."""
    token = chance.getrandbits(64)
    return min(among, key=lambda one: rank(token, key(one)))


def rank(*name: object) -> bytes:
    """A place that a name has whatever other names there are."""
    return blake2b(" ".join(map(str, name)).encode(), digest_size=8).digest()


def within(share: float, *name: object) -> bool:
    """Whether a name is among a share of all names."""
    return int.from_bytes(rank(*name)) < share * 2**64
