"""Which organisation stands at the top of each: the group that an organisation belongs to."""

from collections.abc import Mapping


def tops(parents: Mapping[str, str | None]) -> dict[str, str]:
    """The top of each organisation, which may be itself. A circle of owners is led by the first of its keys.

    A parent that is not among the organisations counts as none.
    """
    return {key: _top(key, parents) for key in parents}


def _top(key: str, parents: Mapping[str, str | None]) -> str:
    path = [key]
    while (above := parents.get(path[-1])) is not None and above in parents:
        if above in path:
            return min(path[path.index(above) :])
        path.append(above)
    return path[-1]
