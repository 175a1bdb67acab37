"""The downhill simplex of Nelder and Mead (1965), for functions of a few numbers whose slope is not at hand."""

from collections.abc import Callable, Sequence

Point = tuple[float, ...]


def minimum(of: Callable[[Point], float], start: Sequence[float], step: float = 0.5, most: int = 400) -> Point:
    """The lowest point found from `start`; `most` is how often the function is asked at the most, about.

    Reflection 1, expansion 2, contraction and shrinkage 1/2, as in the paper. It ends where the simplex is flat.
    """
    corners = [tuple(start)]
    corners += [
        tuple(value + step * (place == moved) for place, value in enumerate(start)) for moved in range(len(start))
    ]
    simplex = sorted((of(corner), corner) for corner in corners)
    asked = len(simplex)
    while asked < most and simplex[-1][0] - simplex[0][0] > 1e-9 * (1 + abs(simplex[0][0])):
        worst = simplex[-1]
        middle = tuple(sum(values) / len(start) for values in zip(*(corner for _, corner in simplex[:-1]), strict=True))
        tried = _at(of, middle, worst[1], -1.0)
        asked += 1
        if tried[0] < simplex[0][0]:
            further = _at(of, middle, worst[1], -2.0)
            asked += 1
            simplex[-1] = min(tried, further)
        elif tried[0] < simplex[-2][0]:
            simplex[-1] = tried
        else:
            nearer = _at(of, middle, min(tried, worst)[1], 0.5)
            asked += 1
            if nearer[0] < min(tried, worst)[0]:
                simplex[-1] = nearer
            else:
                best = simplex[0][1]
                simplex = [simplex[0], *(_at(of, best, corner, 0.5) for _, corner in simplex[1:])]
                asked += len(start)
        simplex.sort()
    return simplex[0][1]


def _at(of: Callable[[Point], float], middle: Point, corner: Point, far: float) -> tuple[float, Point]:
    found = tuple(one + far * (other - one) for one, other in zip(middle, corner, strict=True))
    return of(found), found
