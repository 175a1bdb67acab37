"""What was seen, as a page in Markdown: the figures that a notice to the supervisory authority needs."""

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime

from privacy.breach import Breach, Looks
from privacy.register import WHOLE, Seen


def page(found: Breach, trail: str) -> str:
    """The text; `trail` says in a sentence whether the trail is whole."""
    return "\n".join(_lines(found, trail)) + "\n"


def _lines(found: Breach, trail: str) -> Iterator[str]:
    yield f"# What was seen from {moment(found.since)} to {moment(found.until)} (GDPR art. 33)"
    yield ""
    yield f"- {trail}"
    if not found.looks:
        yield "- Nothing that was asked for is on record in this time."
        return
    more = f", and {found.nameless:,} who were erased since" if found.nameless else ""
    yield f"- Persons whose data was seen: {len(found.persons):,}{more}."
    yield f"- Answers that told of somebody: {sum(one.answers for one in found.looks):,}."
    yield ""
    yield "| viewer | role | purpose | answers | persons | first | last |"
    yield "|---|---|---|---|---|---|---|"
    yield from map(_row, found.looks)
    for one in found.looks:
        yield ""
        yield from _shown(one)
    yield ""
    yield "## What could have been seen"
    yield ""
    yield "By the policies as they are now; claims of a token (a region, say) may have allowed less."
    for (role, purpose), seen in found.could.items():
        yield ""
        yield f"**{role}, {purpose}**"
        yield ""
        yield from map(category, seen)


def _row(one: Looks) -> str:
    persons = len(one.persons) + len(one.nameless)
    cells = (one.viewer, one.role, one.purpose, f"{one.answers:,}", f"{persons:,}")
    return f"| {' | '.join(map(cell, (*cells, moment(one.first), moment(one.last))))} |"


def cell(text: str) -> str:
    """Who looked is named as an identity provider named her: it may hold what ends a cell or moves a terminal."""
    return "".join(letter if letter.isprintable() else "?" for letter in text).replace("|", "\\|")


def _shown(one: Looks) -> Iterator[str]:
    yield f"## What {cell(one.viewer)} saw as {one.role} for {one.purpose}"
    yield ""
    yield f"- As it is: {_fields(one.fields)}."
    if one.masked:
        yield f"- In a coarser form: {_fields(one.masked)}."


def _fields(found: Mapping[str, Collection[int]]) -> str:
    """Each field with of how many persons it was; a total is of nobody in particular."""
    told = (f"{name} ({len(persons):,})" if persons else name for name, persons in sorted(found.items()))
    return ", ".join(told) or "nothing"


def category(one: Seen) -> str:
    """What a role has of a type, on one line."""
    parts = (name if how == WHOLE else f"{name} ({how})" for name, how in one.categories.items())
    return f"- {one.type}: {'; '.join(parts)}."


def moment(at: datetime) -> str:
    """A time to the second."""
    return f"{at:%Y-%m-%d %H:%M:%S} UTC"
