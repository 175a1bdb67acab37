"""Suppression: which groups of a table are not told, so that none that is too small can be had by subtraction.

Primary: groups of fewer persons than the minimum. Complementary: wherever what is left out of a row, a column or the
whole of a table would be one group, or too few persons, the next smallest goes too (Hundepool et al., Statistical
Disclosure Control, 2012, ch. 4). Pure: it sees keys and sizes, never values.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from itertools import combinations


@dataclass(frozen=True, slots=True)
class Cell:
    """A group: what makes it, and how many persons are in it."""

    key: tuple[Hashable, ...]
    persons: int


def suppressed(
    cells: Sequence[Cell], minimum: int, *, disjoint: bool, sums: Sequence[tuple[int, ...]] | None = None
) -> frozenset[int]:
    """The indexes of the groups that are not told.

    `disjoint` says that nobody is in two groups; else only the largest of several says how many there are at least.
    `sums` are the coarser tables that somebody can have, each by the places of the key that are left in it; left out,
    all that there are.
    Does not depend on the order of the cells.
    """
    if minimum <= 1:
        return frozenset()
    gone = {index for index, cell in enumerate(cells) if cell.persons < minimum}
    if not gone:
        return frozenset()
    ranked = sorted(range(len(cells)), key=lambda index: (cells[index].persons, _rank(cells[index].key)))
    width = len(cells[0].key)
    coarser = [kept for size in range(width) for kept in combinations(range(width), size)] if sums is None else sums
    lines = _lines(cells, ranked, coarser)

    def enough(hidden: list[int]) -> bool:
        sizes = [cells[index].persons for index in hidden]
        return len(sizes) > 1 and (sum(sizes) if disjoint else max(sizes)) >= minimum

    before = -1
    while before != len(gone):
        before = len(gone)
        for line in lines:
            hidden = [index for index in line if index in gone]
            while hidden and not enough(hidden):
                smallest = next((index for index in line if index not in gone), None)
                if smallest is None:
                    break
                gone.add(smallest)
                hidden.append(smallest)
    return frozenset(gone)


def _lines(cells: Sequence[Cell], ranked: Sequence[int], coarser: Sequence[tuple[int, ...]]) -> list[list[int]]:
    """The groups that make one group of a coarser table, for every coarser table; the smallest group first."""
    made: list[list[int]] = []
    for kept in coarser:
        lines: dict[tuple[Hashable, ...], list[int]] = {}
        for index in ranked:
            lines.setdefault(tuple(cells[index].key[one] for one in kept), []).append(index)
        made += lines.values()
    return made


def _rank(key: tuple[Hashable, ...]) -> tuple[tuple[bool, str, str], ...]:
    return tuple((part is None, type(part).__name__, f"{part:020}" if type(part) is int else str(part)) for part in key)
