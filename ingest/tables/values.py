"""Values of one row of a SELECT, read as what a column should be; what cannot be says which column and why, never what.

SQL authors may hand over typed values or plain text: a DATE or `2024-12-31`, a DECIMAL or `12.50`, a list or `a|b`.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID

from ingest.fields import Unreadable, hundredths, repaired

_LOST = "\N{REPLACEMENT CHARACTER}"
_BETWEEN = re.compile(r"\s*\|\s*")
_YES, _NO = frozenset({"1", "true", "t", "yes", "y"}), frozenset({"0", "false", "f", "no", "n"})


@dataclass(frozen=True, slots=True)
class Values:
    """The values of one row by column. Every method raises Unreadable."""

    of: Mapping[str, Any]

    def text(self, column: str) -> str | None:
        """The text without outer blanks and with double-encoded letters put right; None where it is empty."""
        value = self.of.get(column)
        if value is None:
            return None
        if isinstance(value, UUID | int) and not isinstance(value, bool):
            return str(value)
        if isinstance(value, Decimal) and value == value.to_integral_value():
            return str(int(value))
        if not isinstance(value, str):
            raise Unreadable(column, "not text")
        if _LOST in value:
            raise Unreadable(column, "letters outside the encoding")
        return repaired(value.strip()) or None

    def required(self, column: str) -> str:
        """The text, which must be there."""
        if (value := self.text(column)) is None:
            raise Unreadable(column, "missing")
        return value

    def day(self, column: str) -> date | None:
        """A calendar day, of a DATE, a TIMESTAMP (in UTC) or ISO 8601; None where it is empty."""
        value = self.of.get(column)
        if isinstance(value, date) and not isinstance(value, datetime):
            return value
        if isinstance(value, datetime):
            return _utc(value).date()
        if (text := self.text(column)) is None:
            return None
        try:
            return date.fromisoformat(text) if len(text) <= len("2024-12-31") else _utc_of(text).date()
        except ValueError:
            raise Unreadable(column, "not a date") from None

    def required_day(self, column: str) -> date:
        """A calendar day, which must be there."""
        if (value := self.day(column)) is None:
            raise Unreadable(column, "missing")
        return value

    def moment(self, column: str) -> datetime | None:
        """A time in UTC, of a TIMESTAMP, a DATE or ISO 8601 (without zone it is UTC); None where it is empty."""
        value = self.of.get(column)
        if isinstance(value, datetime):
            return _utc(value)
        if isinstance(value, date):
            return datetime.combine(value, time(), UTC)
        if (text := self.text(column)) is None:
            return None
        try:
            return _utc_of(text)
        except ValueError:
            raise Unreadable(column, "not a time") from None

    def required_moment(self, column: str) -> datetime:
        """A time in UTC, which must be there."""
        if (value := self.moment(column)) is None:
            raise Unreadable(column, "missing")
        return value

    def whole(self, column: str) -> int | None:
        """A whole number; None where it is empty."""
        value = self.of.get(column)
        if isinstance(value, float) and value.is_integer():
            return int(value)
        if (text := self.text(column)) is None:
            return None
        try:
            return int(text)
        except ValueError:
            raise Unreadable(column, "not a whole number") from None

    def cents(self, column: str) -> int | None:
        """Money with a decimal point, of a number or a text, in hundredths; None where it is empty."""
        value = self.of.get(column)
        if isinstance(value, bool):
            raise Unreadable(column, "not an amount")
        amount = value if isinstance(value, int | float | Decimal) else self.text(column)
        return None if amount is None else hundredths(amount, column)

    def flag(self, column: str) -> bool:
        """A BOOLEAN, or a word or digit that says yes or no; what is empty is no."""
        value = self.of.get(column)
        if isinstance(value, bool):
            return value
        word = (self.text(column) or "0").casefold()
        if word not in _YES | _NO:
            raise Unreadable(column, "not yes or no")
        return word in _YES

    def texts(self, column: str) -> tuple[str, ...]:
        """The texts of a list, or of one text with bars between them, without empty ones."""
        value = self.of.get(column)
        if isinstance(value, list):
            found = [Values({column: one}).text(column) for one in value]
            return tuple(one for one in found if one)
        return tuple(one for one in _BETWEEN.split(self.text(column) or "") if one)

    def objects(self, column: str) -> tuple["Values", ...]:
        """The STRUCTs of a list, or the objects of a JSON list; none where it is absent."""
        found = self._nested(column)
        if found is None:
            return ()
        if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
            raise Unreadable(column, "not a list of objects")
        return tuple(Values(one) for one in found)

    def mapping(self, column: str) -> Mapping[str, Any]:
        """A STRUCT, a MAP or a JSON object; empty where it is absent."""
        found = self._nested(column)
        if found is None:
            return {}
        if not isinstance(found, dict):
            raise Unreadable(column, "not an object")
        return found

    def _nested(self, column: str) -> object:
        value = self.of.get(column)
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value)
        except (ValueError, RecursionError):
            raise Unreadable(column, "not JSON") from None


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def _utc_of(text: str) -> datetime:
    return _utc(datetime.fromisoformat(text))
