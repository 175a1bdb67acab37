"""The matrix of policies as text: as many roles side by side as the terminal has room for."""

from collections.abc import Iterator, Sequence

from rich.text import Text

from server.explain import Access, Row

STYLES = {
    Access.SHOW: "green",
    Access.MASK: "yellow",
    Access.WHEN: "yellow",
    Access.GROUPS: "yellow",
    Access.WITHHOLD: "red",
    Access.VERIFY: "yellow",
    Access.NOTHING: "dim",
}
GAP = 2


def tables(rows: Sequence[Row], roles: Sequence[str], width: int | None) -> Iterator[Text]:
    """The lines of the tables that hold all roles; `width` in characters, None for one table however wide."""
    first = max((len(f"{row.type}.{row.field}") for row in rows), default=0)
    widths = [max(len(role), *(len(access) for access in Access)) for role in roles]
    for start, end in _fitting(widths, None if width is None else width - first):
        yield Text("field".ljust(first) + "".join(_cell(roles[at], widths[at]) for at in range(start, end)), "bold")
        before = rows[0].type if rows else ""
        for row in rows:
            if row.type != before:
                yield Text()
            before = row.type
            cells = [(_cell(row.access[at].value, widths[at]), STYLES[row.access[at]]) for at in range(start, end)]
            yield Text.assemble(f"{row.type}.{row.field}".ljust(first), *cells)
        if end < len(roles):
            yield Text()


def _cell(text: str, width: int) -> str:
    return " " * GAP + text.ljust(width)


def _fitting(widths: Sequence[int], room: int | None) -> Iterator[tuple[int, int]]:
    """The columns cut into pieces that fit; each has one at least."""
    start, taken = 0, 0
    for at, width in enumerate(widths):
        if room is not None and at > start and taken + width + GAP > room:
            yield start, at
            start, taken = at, 0
        taken += width + GAP
    if widths:
        yield start, len(widths)
