"""Masks: coarser forms of a value, computed in the database so that the whole value never leaves it."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from schema.model import Scalar

UNITS: Mapping[Scalar, int] = MappingProxyType({Scalar.INT: 1, Scalar.DECIMAL: 100})
"""How many of the stored unit make one, for the numbers that are put in buckets."""
PSEUDONYM = "pseudonym"
PROJECT = "project"
"""The claim that says for which project someone works. Each project has pseudonyms of its own."""


@dataclass(frozen=True, slots=True)
class MaskForm:
    """What a mask does, to which scalars, and its Cypher with `{0}` for the value and `{1}` for the step in stored
    units, where it takes one. `{at}` is the node.
    """

    about: str
    scalars: frozenset[Scalar]
    cypher: str
    stepped: bool = False


_TEXT = frozenset({Scalar.STRING})
_TIMES = frozenset({Scalar.DATE, Scalar.DATETIME})

MASKS: Mapping[str, MaskForm] = MappingProxyType(
    {
        "year": MaskForm("the year alone, ISO 8601 reduced precision: 1985", _TIMES, "left(toString({0}), 4)"),
        "month": MaskForm("year and month: 1985-03", _TIMES, "left(toString({0}), 7)"),
        "initial": MaskForm("the first letter: A…", _TEXT, "left({0}, 1) + '…'"),
        "domain": MaskForm("what stands behind the last @: …@example.org", _TEXT, "'…@' + split({0}, '@')[-1]"),
        "last4": MaskForm("the last four characters: …6789", _TEXT, "'…' + right({0}, 4)"),
        "bucket": MaskForm(
            "the lower end of its step of {step}",
            frozenset(UNITS),
            # The remainder of a negative number is negative in Cypher.
            "{0} - (({0} % {1}) + {1}) % {1}",
            stepped=True,
        ),
        # The value stays where it is: what leaves is whose record it is, in a list of one so that the answer's maker
        # tells it from a value. `resolvers.cursor` makes the name.
        PSEUDONYM: MaskForm(
            "a name without meaning, the same for this record in all of a project and another in each project",
            _TEXT,
            "CASE WHEN {0} IS NOT NULL THEN [{at}.id] END",
        ),
    }
)
