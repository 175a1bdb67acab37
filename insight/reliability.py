"""Whether foretold chances hold: a reliability table and the scores that belong to it (Murphy and Winkler, 1977)."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bin:
    """The contacts of which about the same chance was foretold. Shares are between 0 and 1."""

    low: float
    high: float
    contacts: int
    foretold: float
    answered: float


@dataclass(frozen=True, slots=True)
class Reliability:
    """A table from low chances to high ones; the mean distance of foretold and answered; and the Brier score."""

    bins: tuple[Bin, ...]
    calibration_error: float
    brier: float


def reliability(foretold: Iterable[tuple[float, bool]], bins: int = 10) -> Reliability:
    """Sort foretold chances into bins of equal width, and compare with what came. Raises ValueError for none."""
    sorted_in: list[list[tuple[float, bool]]] = [[] for _ in range(bins)]
    for chance, answered in foretold:
        sorted_in[min(int(chance * bins), bins - 1)].append((chance, answered))
    whole = sum(map(len, sorted_in))
    if not whole:
        msg = "There is nothing to compare: no contact was foretold."
        raise ValueError(msg)
    table = tuple(
        Bin(
            place / bins,
            (place + 1) / bins,
            len(held),
            sum(chance for chance, _ in held) / len(held),
            sum(answered for _, answered in held) / len(held),
        )
        for place, held in enumerate(sorted_in)
        if held
    )
    error = sum(one.contacts * abs(one.foretold - one.answered) for one in table) / whole
    brier = sum((chance - answered) ** 2 for held in sorted_in for chance, answered in held) / whole
    return Reliability(table, error, brier)
