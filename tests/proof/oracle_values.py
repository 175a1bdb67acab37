"""The oracle's values: as they stand in an answer, and compared with three truths: true, false and unknown."""

import re
import unicodedata
from datetime import datetime
from decimal import Decimal
from typing import Any

from schema.model import Scalar

Unknown = None


def all_of(parts: list[Any]) -> Any:
    """And, with unknowns."""
    return False if False in parts else Unknown if Unknown in parts else True


def any_of(parts: list[Any]) -> Any:
    """Or, with unknowns."""
    return True if True in parts else Unknown if Unknown in parts else False


def not_of(part: Any) -> Any:
    """Not, with unknowns."""
    return Unknown if part is Unknown else not part


def wire(scalar: Scalar, value: Any) -> Any:
    """A value as it stands in an answer."""
    if isinstance(value, list):
        return [wire(scalar, one) for one in value]
    if value is None:
        return None
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%SZ")
    if scalar is Scalar.DATE:
        return value.isoformat()
    return str(Decimal(value).scaleb(-2)) if scalar is Scalar.DECIMAL else value


def letters(text: str) -> str:
    """Of a text its letters and digits."""
    return re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", text))


def whole(text: str) -> str:
    """A sealed value as it is looked for."""
    return letters(text).casefold() or text


def end(text: str) -> str | None:
    """What a mask shows of a sealed value: four of eight at the least."""
    return f"…{letters(text)[-4:]}" if len(letters(text)) >= 8 else None


def compare(sign: str, left: Any, right: Any) -> Any:  # noqa: C901  one case an operator
    """Comparison with unknowns."""
    if sign in ("in", "notIn") and not right:
        return sign == "notIn"
    if left is None or right is None:
        return Unknown
    match sign:
        case "eq":
            return left == right
        case "ne":
            return left != right
        case "lt":
            return left < right
        case "lte":
            return left <= right
        case "gt":
            return left > right
        case "gte":
            return left >= right
        case "in":
            return any_of([compare("eq", left, one) for one in right])
        case "notIn":
            return not_of(compare("in", left, right))
        case "startsWith":
            return left.startswith(right)
        case "endsWith":
            return left.endswith(right)
        case "contains":
            return right in left
    raise AssertionError(sign)
