"""Disclose: from the rows of one root field to what it told about whom, for the trail.

Which fields a row tells is known from the plan, up to the rules that decide row by row; about whom it is stands in the
row, or is known from the row above. So most of an answer is never walked for the trail.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from auth.disclosure import Shown
from graph.expr import Const, Expr, If, Mask, Rule
from graph.filter import rules_in
from graph.read import Branch, Leg, Page

Row = Mapping[str, Any]
Subjects = Sequence[str]
Walk = Callable[[Row, Subjects, dict[str, int]], None]
NOBODY = ""
MOST_REMEMBERED = 256


@dataclass(frozen=True, slots=True)
class Told:
    """The fields that a row tells, as they are and coarser."""

    fields: tuple[str, ...]
    masked: tuple[str, ...]


@dataclass(slots=True)
class Discloser:
    """What the rows of a root field tell. Each way in which a row tells has a bit; a subject is told of by a set."""

    told: list[Told] = field(default_factory=list)
    walk: Walk = field(default=lambda row, above, seen: None)
    most: int | None = None
    compared: tuple[str, ...] = ()
    counted: tuple[str, ...] = ()
    known: dict[int, Told] = field(default_factory=dict)

    def shown(self, rows: Sequence[Row]) -> tuple[Shown, ...]:
        """Subjects of whom the same was told, together."""
        seen: dict[str, int] = {}
        for row in rows[: self.most]:
            self.walk(row, (), seen)
        together: dict[int, list[str]] = {}
        for subject, bits in seen.items():
            together.setdefault(bits, []).append(subject)
        counts = (Shown(self.counted, (), ()),) if self.counted else ()
        return counts + tuple(
            Shown((told := self._of(bits)).fields, told.masked, tuple(one for one in subjects if one != NOBODY))
            for bits, subjects in together.items()
        )

    def bit(self, told: Told) -> int:
        """The bit of one way in which a row may tell."""
        if told not in self.told:
            self.told.append(told)
        return 1 << self.told.index(told)

    def _of(self, bits: int) -> Told:
        if (known := self.known.get(bits)) is not None:
            return known
        taken = [told for index, told in enumerate(self.told) if bits >> index & 1]
        fields = {name for told in taken for name in told.fields}
        masked = {name for told in taken for name in told.masked} - fields
        made = Told(tuple(sorted(fields)), tuple(sorted(masked)))
        if len(self.known) < MOST_REMEMBERED:
            self.known[bits] = made
        return made


def discloser(legs: Sequence[Leg], page: Page | None) -> Discloser:
    """How the rows of a root field are told; made once a plan."""
    made = Discloser()
    pages = [page, *_pages(legs)]
    made.compared = tuple(sorted({name for one in pages if one is not None for name in one.compared}))
    made.walk = _level(legs, made).walk
    made.most = page.limit - 1 if page else None
    made.counted = tuple(f"{leg.label}.totalCount" for leg in legs) if page is not None and page.total else ()
    return made


def discloser_of_rows(columns: Mapping[str, Sequence[Leg]], most: int, compared: Sequence[str] = ()) -> Discloser:
    """How rows are told that hold nodes in columns: a hit of a search, a relationship with its two ends.

    `most` rows are shown; `compared` are the fields by which they were chosen.
    """
    made = Discloser(most=most)
    below = {name for legs in columns.values() for page in _pages(legs) if page is not None for name in page.compared}
    made.compared = tuple(sorted({*compared, *below}))
    walks = [(column, _level(legs, made).walk) for column, legs in columns.items()]

    def walk(row: Row, above: Subjects, seen: dict[str, int]) -> None:
        for column, of_node in walks:
            of_node(row[column], above, seen)

    made.walk = walk
    return made


def _pages(legs: Sequence[Leg]) -> Iterator[Page | None]:
    for leg in legs:
        for branch in leg.branches:
            yield branch.page
            yield from _pages(branch.legs)


@dataclass(frozen=True, slots=True)
class _Level:
    """How the rows of one place are told. Where all tell `alike` of whom the row above is about, one will do."""

    walk: Walk
    alike: bool


@dataclass(frozen=True, slots=True)
class _Below:
    """A branch: at most `most` of its rows are shown; None where it leads to one node."""

    column: str
    most: int | None
    level: _Level


def _level(legs: Sequence[Leg], made: Discloser) -> _Level:
    levels = {leg.label: _level_of(leg, made) for leg in legs}
    if len(legs) == 1:
        return levels[legs[0].label]
    walks = {label: level.walk for label, level in levels.items()}
    return _Level(lambda row, above, seen: walks[row["_type"]](row, above, seen), alike=False)


def _level_of(leg: Leg, made: Discloser) -> _Level:
    asked = sorted(frozenset().union(*(rules_in(leg.columns[column]) for column in leg.scalars)))
    ways = [made.bit(_told(leg, holds)) for holds in _outcomes(asked)]
    columns = [f"_rule{index}" for index in asked]
    branches = [_below(branch, made) for branch in leg.branches]
    about = leg.about.column if leg.about is not None else None

    def walk(row: Row, above: Subjects, seen: dict[str, int]) -> None:
        subjects = above
        if about is not None:
            found = row[about]
            subjects = (found,) if isinstance(found, str) else found
        index = 0
        for column in columns:
            index = 2 * index + bool(row[column])
        for subject in subjects or (NOBODY,):
            seen[subject] = seen.get(subject, 0) | ways[index]
        for below in branches:
            rows = row.get(below.column)
            if rows is None:
                continue
            shown = (rows,) if below.most is None else rows[: 1 if below.level.alike else below.most]
            for one in shown[: below.most]:
                below.level.walk(one, subjects, seen)

    return _Level(walk, alike=about is None and not columns and not branches)


def _below(branch: Branch, made: Discloser) -> _Below:
    return _Below(branch.column, branch.page.limit - 1 if branch.page else None, _level(branch.legs, made))


def _outcomes(rules: Sequence[int]) -> list[Mapping[int, bool]]:
    """Every way in which the rules may turn out, in the order of binary numbers."""
    ways: list[Mapping[int, bool]] = [{}]
    for index in rules:
        ways = [{**way, index: holds} for way in ways for holds in (False, True)]
    return ways


def _told(leg: Leg, holds: Mapping[int, bool]) -> Told:
    fields = [f"{leg.label}.{branch.edge.name}" for branch in leg.branches]
    masked = []
    for column, expr in leg.columns.items():
        if column not in leg.scalars:
            continue
        match _decided(expr, holds):
            case Const(None):
                continue
            case Mask():
                masked.append(f"{leg.label}.{column}")
            case _:
                fields.append(f"{leg.label}.{column}")
    return Told(tuple(sorted(fields)), tuple(sorted(masked)))


def _decided(expr: Expr, holds: Mapping[int, bool]) -> Expr:
    match expr:
        case If(Rule(index), then, other):
            return _decided(then if holds[index] else other, holds)
        case _:
            return expr
