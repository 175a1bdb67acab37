"""What keeps two clusters apart: birth dates, suffixes or names that exclude each other, and mailboxes at odds."""

from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from itertools import product

from ingest.match.keys import Key, handles
from ingest.match.rules import contradict, names_contradict, near_dates
from ingest.names import slips
from ingest.records import Profile

_KINDS = ("email", "phone")


class Exclusions:
    """Judges clusters of the records of one resolution. `shared` are handles that several people use.

    Without `families` (see `ingest.match.judge.Judge`) nothing keeps apart but what a person decided.
    """

    def __init__(self, profiles: Mapping[Key, Profile], shared: Collection[str], *, families: bool = True) -> None:
        self._profiles = profiles
        self._families = families
        self._shared = shared

    def exclude(self, a: Sequence[Key], b: Sequence[Key]) -> bool:
        """Whether two clusters cannot be one person.

        Two records alone: as the rules say. More: no two birth dates or suffixes that exclude each other, and of the
        pairs of names fewer than half do, so that one slip in one record does not tear a person apart.
        """
        if not self._families:
            return False
        if len(a) == len(b) == 1:
            return contradict(self._profiles[a[0]], self._profiles[b[0]])
        pairs = [(self._profiles[one], self._profiles[other]) for one, other in product(a, b)]
        if any(_apart(one, other) for one, other in pairs):
            return True
        return 2 * sum(names_contradict(one, other) for one, other in pairs) >= len(pairs)

    def at_odds(self, a: Sequence[Key], b: Sequence[Key]) -> bool:
        """Whether both clusters have mailboxes of their own, or else numbers, and none in common but for a slip."""
        if not self._families:
            return False
        mine, yours = self._own(a), self._own(b)
        same = {kind for kind in _KINDS if any(_same(x, y) for x, y in product(mine[kind], yours[kind]))}
        odd = {kind for kind in _KINDS if mine[kind] and yours[kind]} - same
        return bool(odd) and not same

    def _own(self, cluster: Sequence[Key]) -> dict[str, frozenset[str]]:
        own = {handle for key in cluster for handle in handles(self._profiles[key]) if handle not in self._shared}
        return {kind: frozenset(handle for handle in own if handle.startswith(kind)) for kind in _KINDS}


def _apart(one: Profile, other: Profile) -> bool:
    if one.name.suffix and other.name.suffix and one.name.suffix != other.name.suffix:
        return True
    if one.birth_date is None or other.birth_date is None or one.birth_date == other.birth_date:
        return False
    return not near_dates(one.birth_date, other.birth_date)


@lru_cache(maxsize=1 << 16)
def _same(one: str, other: str) -> bool:
    return one == other or slips(one, other) <= 1
