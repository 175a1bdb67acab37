"""Guard: what is told of fields of which groups alone are told.

Everything is made from atoms: the finest groups that the policy lets such a field be told of. An atom of too few
persons, or one that a single person dominates, is left out of every figure; of the others only the rounded sum and the
number of values go any further. So whatever is asked, and however answers are subtracted from each other, nobody
learns more than the rounded sums of whole atoms (partitioning: Chin and Ozsoyoglu, 1981; p% rule: Hundepool et al.,
Statistical Disclosure Control, 2012, 4.2; docs/decisions/0010-aggregates.md says what is bounded and what is not).
"""

from collections.abc import Mapping, Sequence
from typing import Any

from graph.aggregate import MOST_GROUPS, Atoms, Grouping

Told = dict[str, int]


def is_safe(persons: int, size: int, largest: Sequence[int], minimum: int, percent: int) -> bool:
    """Whether an atom may be told: enough persons, and what the two largest leave hides the largest by `percent`.

    `size` is the sum of what persons contribute, taken as positive; `largest` are the two greatest of them.
    """
    rest = size - largest[0] - largest[1]
    return persons >= minimum and 100 * rest > percent * largest[0]


def rounded(total: int, step: int) -> int:
    """The multiple of `step` that is nearest; of two the one further from zero."""
    sign = -1 if total < 0 else 1
    return sign * ((2 * abs(total) + step) // (2 * step)) * step


def told_figures(found: Sequence[Mapping[str, Any]], planned: Grouping, atoms: Atoms) -> Mapping[tuple[Any, ...], Told]:
    """Count and sum of each guarded field, by the keys of the groups that are asked for."""
    made: dict[tuple[Any, ...], Told] = {}
    if len(found) == MOST_GROUPS + 1:
        return made
    for atom in found:
        key = tuple(atom[atoms.keys[index].column] for index in atoms.asked)
        for name, step in atoms.steps.items():
            if not is_safe(
                atom[f"{name}_persons"], atom[f"{name}_size"], atom[f"{name}_largest"], atoms.minimum, planned.percent
            ):
                continue
            group = made.setdefault(key, {})
            group[f"{name}_count"] = group.get(f"{name}_count", 0) + atom[f"{name}_count"]
            group[f"{name}_sum"] = group.get(f"{name}_sum", 0) + rounded(atom[f"{name}_sum"], step)
    return made
