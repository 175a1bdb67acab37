"""Masks: coarser forms of a value, computed in the database so that the whole value never leaves it."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from schema.model import Scalar


@dataclass(frozen=True, slots=True)
class MaskForm:
    """What a mask does, to which scalars, and its Cypher with `{0}` for the value."""

    about: str
    scalars: frozenset[Scalar]
    cypher: str


_TEXT = frozenset({Scalar.STRING})
_TIMES = frozenset({Scalar.DATE, Scalar.DATETIME})

MASKS: Mapping[str, MaskForm] = MappingProxyType(
    {
        "year": MaskForm("the year alone, ISO 8601 reduced precision: 1985", _TIMES, "left(toString({0}), 4)"),
        "month": MaskForm("year and month: 1985-03", _TIMES, "left(toString({0}), 7)"),
        "initial": MaskForm("the first letter: A…", _TEXT, "left({0}, 1) + '…'"),
        "domain": MaskForm("what stands behind the last @: …@example.org", _TEXT, "'…@' + split({0}, '@')[-1]"),
        "last4": MaskForm("the last four characters: …6789", _TEXT, "'…' + right({0}, 4)"),
    }
)
