"""How two records compare, column by column, from the best level down: once as SQL for Splink, once in memory.

The two forms of a level stand side by side and mean the same; a test compares them on real and on odd records. What is
absent on either side is no evidence (the null level of Fellegi and Sunter's model, as Splink has it).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from rapidfuzz.distance import DamerauLevenshtein

from ingest.match.features import Features

Test = Callable[[Features, Features], bool]


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a comparison. `term` is the column whose frequency adjusts the weight: rare names tell more."""

    name: str
    sql: str
    test: Test
    term: str | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """One comparison: when it tells nothing, and its levels from the best; none of them holds on the last, `else`."""

    name: str
    null: Level
    levels: tuple[Level, ...]


ELSE = "else"


def slips(one: str | None, other: str | None) -> int:
    """Letters to insert, drop, change or swap (Damerau 1964), as DuckDB counts them."""
    return DamerauLevenshtein.distance(one or "", other or "")


def _shortest(one: str | None, other: str | None) -> int:
    return min(len(one or ""), len(other or ""))


def _lost(a: Features, b: Features) -> int:
    return max(a.lost, b.lost)


def _meet(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    return not set(one).isdisjoint(other)


def _crossed(a: Features, b: Features) -> bool:
    if not (a.given and a.family and b.given and b.family) or slips(a.given, a.family) <= 1:
        return False
    return slips(a.given, b.family) <= 1 and slips(a.family, b.given) <= 1


def _half_crossed(a: Features, b: Features) -> bool:
    if _shortest(a.given, b.given) < _TELLING:
        return False
    return any(
        one == other or (_shortest(one, other) >= _LONG and slips(one, other) <= 1)
        for one, other in ((a.given, b.family), (a.family, b.given))
    )


def _near_phone(a: Features, b: Features) -> bool:
    return slips(a.phones[0], b.phones[0]) == 1


def _elsewhere(a: Features, b: Features) -> bool:
    """Whether the comparison of given names has told of the family names too."""
    if a.given is None or b.given is None or a.given == b.given:
        return False
    return _crossed(a, b) or _half_crossed(a, b)


_TELLING = 3  # letters; two of a name are in many
_LONG = 5  # letters, of which one may be a slip
_CROSSED = (
    "damerau_levenshtein(given_l, family_l) > 1 AND damerau_levenshtein(given_l, family_r) <= 1 "
    "AND damerau_levenshtein(family_l, given_r) <= 1"
)
_HALF_CROSSED = (
    f"least(length(given_l), length(given_r)) >= {_TELLING} AND ("
    + " OR ".join(
        f"{one} = {other} OR (damerau_levenshtein({one}, {other}) <= 1 "
        f"AND least(length({one}), length({other})) >= {_LONG})"
        for one, other in (("given_l", "family_r"), ("family_l", "given_r"))
    )
    + ")"
)
_LOST = "greatest(lost_l, lost_r)"


def _near_sql(column: str, most: int, shortest: int) -> str:
    return (
        f"damerau_levenshtein({column}_l, {column}_r) <= {most} + {_LOST} "
        f"AND least(length({column}_l), length({column}_r)) >= {shortest}"
    )


def _near(column: str, most: int, shortest: int) -> Test:
    def test(a: Features, b: Features) -> bool:
        one, other = getattr(a, column), getattr(b, column)
        return _shortest(one, other) >= shortest and slips(one, other) <= most + _lost(a, b)

    return test


def _absent(column: str) -> Level:
    def test(a: Features, b: Features) -> bool:
        return not getattr(a, column) or not getattr(b, column)

    return Level("absent", f"{column}_l IS NULL OR {column}_r IS NULL", test)


def _absent_list(column: str) -> Level:
    return Level("absent", f"len({column}_l) = 0 OR len({column}_r) = 0", _absent(column).test)


def _same(column: str, term: str | None = None) -> Level:
    def test(a: Features, b: Features) -> bool:
        return bool(getattr(a, column) == getattr(b, column))

    return Level("same", f"{column}_l = {column}_r", test, term)


def _in_common(column: str, name: str) -> Level:
    def test(a: Features, b: Features) -> bool:
        return _meet(getattr(a, column), getattr(b, column))

    return Level(name, f"list_has_any({column}_l, {column}_r)", test)


def _near_birth(a: Features, b: Features) -> bool:
    one, other = a.birth or "", b.birth or ""
    if one == b.swapped or slips(one, other) == 1:
        return True
    return one[5:] == other[5:] and abs(int(one[:4]) - int(other[:4])) in {1, 10}


_NEAR_BIRTH = (
    "birth_l = swapped_r OR damerau_levenshtein(birth_l, birth_r) = 1 OR (substr(birth_l, 6) = substr(birth_r, 6) "
    "AND abs(CAST(substr(birth_l, 1, 4) AS INTEGER) - CAST(substr(birth_r, 1, 4) AS INTEGER)) IN (1, 10))"
)


def _one_house(a: Features, b: Features) -> bool:
    return a.street == b.street is not None and a.code == b.code is not None


def _near_house(a: Features, b: Features) -> bool:
    if not (a.street and b.street):
        return False
    near = a.street == b.street or slips(a.street, b.street) <= 2 + _lost(a, b)
    return near and _near_town(a, b)


def _near_code(a: Features, b: Features) -> bool:
    return bool(a.code and b.code) and slips(a.code, b.code) <= 1


def _near_city(a: Features, b: Features) -> bool:
    return bool(a.city and b.city) and slips(a.city, b.city) <= 1


def _near_town(a: Features, b: Features) -> bool:
    return _near_code(a, b) or _near_city(a, b)


def _near_line(one: str | None, other: str | None, lost: int) -> bool:
    if not (one and other):
        return False
    return one == other or (_shortest(one, other) >= _LONG_LINE and slips(one, other) <= 2 + lost)


def _along(a: Features, b: Features) -> bool:
    return _near_line(a.road, b.road, _lost(a, b)) and _near_town(a, b)


def _turned(a: Features, b: Features) -> bool:
    """Whether one record has the lines of the address in each other's place."""
    if _near_line(a.road, b.road, _lost(a, b)) or not _near_town(a, b):
        return False
    return _near_line(a.road, b.turned, _lost(a, b)) or _near_line(a.turned, b.road, _lost(a, b))


_LONG_LINE = 6  # letters, of which two may be slips
_NEAR_CODE = "damerau_levenshtein(code_l, code_r) <= 1"
_NEAR_CITY = "damerau_levenshtein(city_l, city_r) <= 1"
_NEAR_TOWN = f"({_NEAR_CODE} OR {_NEAR_CITY})"


def _near_line_sql(one: str, other: str) -> str:
    return (
        f"coalesce({one} = {other} OR (least(length({one}), length({other})) >= {_LONG_LINE} "
        f"AND damerau_levenshtein({one}, {other}) <= 2 + {_LOST}), false)"
    )


# The town comes first in each: it is cheap, and spares the engine the lines of nearly all pairs.
_ALONG = f"{_NEAR_TOWN} AND {_near_line_sql('road_l', 'road_r')}"
_TURNED = (
    f"{_NEAR_TOWN} AND NOT {_near_line_sql('road_l', 'road_r')} "
    f"AND ({_near_line_sql('road_l', 'turned_r')} OR {_near_line_sql('turned_l', 'road_r')})"
)


_COMPARISONS = (
    Comparison(
        "given",
        _absent("given"),
        (
            _same("given", "given"),
            Level("crossed", _CROSSED, _crossed),
            _in_common("forms", "short form"),
            Level("one slip", _near_sql("given", 1, 3), _near("given", 1, 3)),
            Level(
                "initial",
                "least(length(given_l), length(given_r)) = 1 AND substr(given_l, 1, 1) = substr(given_r, 1, 1)",
                lambda a, b: _shortest(a.given, b.given) == 1 and (a.given or "")[:1] == (b.given or "")[:1],
            ),
            Level("two slips", _near_sql("given", 2, 5), _near("given", 2, 5)),
            Level("half crossed", _HALF_CROSSED, _half_crossed),
        ),
    ),
    Comparison(
        "family",
        Level(
            "absent",
            f"family_l IS NULL OR family_r IS NULL OR (given_l <> given_r AND ({_CROSSED} OR {_HALF_CROSSED}))",
            lambda a, b: not a.family or not b.family or _elsewhere(a, b),
        ),
        (
            _same("family", "family"),
            Level("one slip", _near_sql("family", 1, 3), _near("family", 1, 3)),
            Level("two slips", _near_sql("family", 2, 6), _near("family", 2, 6)),
        ),
    ),
    Comparison("middle", _absent("middle"), (_same("middle"),)),
    Comparison("suffix", _absent("suffix"), (_same("suffix"),)),
    Comparison("birth", _absent("birth"), (_same("birth"), Level("mistyped", _NEAR_BIRTH, _near_birth))),
    Comparison(
        "email",
        _absent_list("emails"),
        (
            _in_common("own_emails", "own"),
            _in_common("emails", "shared"),
            _in_common("locals", "same name"),
        ),
    ),
    Comparison(
        "phone",
        _absent_list("phones"),
        (
            _in_common("own_phones", "own"),
            _in_common("phones", "shared"),
            Level("one slip", "damerau_levenshtein(phones_l[1], phones_r[1]) = 1", _near_phone),
        ),
    ),
    Comparison(
        # One comparison: street, code and city apart would count one agreement three times.
        "address",
        Level(
            "absent",
            "(road_l IS NULL OR road_r IS NULL) AND (code_l IS NULL OR code_r IS NULL)",
            lambda a, b: not (a.road and b.road) and not (a.code and b.code),
        ),
        (
            Level("same house", "street_l = street_r AND code_l = code_r", _one_house),
            Level(
                "nearly",
                f"{_NEAR_TOWN} AND damerau_levenshtein(street_l, street_r) <= 2 + {_LOST}",
                _near_house,
            ),
            Level("lines crossed", _TURNED, _turned),
            Level("same road", _ALONG, _along),
            Level("same town", f"{_NEAR_CODE} AND {_NEAR_CITY}", lambda a, b: _near_code(a, b) and _near_city(a, b)),
            Level("same code", "code_l = code_r", lambda a, b: a.code == b.code is not None),
            Level("same city", _NEAR_CITY, _near_city),
        ),
    ),
    Comparison(
        "second line",
        Level(
            "absent",
            f"second_l IS NULL OR second_r IS NULL OR ({_TURNED})",
            lambda a, b: not a.second or not b.second or _turned(a, b),
        ),
        (_same("second", "second"), Level("slips", _near_sql("second", 2, 5), _near("second", 2, 5))),
    ),
    Comparison(
        "reference",
        Level(
            "absent",
            "len(references_l) = 0 AND len(references_r) = 0",
            lambda a, b: not a.references and not b.references,
        ),
        (
            Level(
                "named",
                "list_contains(references_l, number_r) OR list_contains(references_r, number_l)",
                lambda a, b: b.number in a.references or a.number in b.references,
            ),
        ),
    ),
)

COMPARISONS: Mapping[str, Comparison] = MappingProxyType({one.name: one for one in _COMPARISONS})


def level_of(comparison: Comparison, a: Features, b: Features) -> str | None:
    """The name of the level that two records are on, `else` for the last, None where one of them says nothing."""
    if comparison.null.test(a, b):
        return None
    for level in comparison.levels:
        if level.test(a, b):
            return level.name
    return ELSE
