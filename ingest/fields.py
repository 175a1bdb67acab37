"""Cells of one row, read as what they should be; a cell that cannot be says which column and why, never its value."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

import ftfy


class Unreadable(ValueError):
    """A row that cannot be read. `column` is a name of the format and `reason` a class; neither holds a value."""

    def __init__(self, column: str, reason: str) -> None:
        super().__init__(f"{column}: {reason}")
        self.column = column
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Cells:
    """The cells of one row by name. Every reader raises Unreadable."""

    values: Mapping[str, Any]

    def text(self, column: str) -> str | None:
        """The text without outer blanks and with double-encoded letters put right; None where it is empty."""
        value = self.values.get(column)
        if value is None:
            return None
        if not isinstance(value, str):
            raise Unreadable(column, "not text")
        return repaired(value.strip()) or None

    def required(self, column: str) -> str:
        """The text, which must be there."""
        if (value := self.text(column)) is None:
            raise Unreadable(column, "missing")
        return value

    def day(self, column: str, form: str = "%Y-%m-%d") -> date | None:
        """A calendar day in one fixed form; None where it is empty."""
        if (value := self.text(column)) is None:
            return None
        try:
            return datetime.strptime(value, form).date()  # noqa: DTZ007  a day has no zone
        except ValueError:
            raise Unreadable(column, "not a date") from None

    def required_day(self, column: str, form: str = "%Y-%m-%d") -> date:
        """A calendar day, which must be there."""
        if (value := self.day(column, form)) is None:
            raise Unreadable(column, "missing")
        return value

    def moment(self, column: str) -> datetime | None:
        """A time in UTC from ISO 8601, with or without zone (none is UTC); None where it is empty."""
        if (value := self.text(column)) is None:
            return None
        try:
            found = datetime.fromisoformat(value)
        except ValueError:
            raise Unreadable(column, "not a time") from None
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)

    def required_moment(self, column: str) -> datetime:
        """A time in UTC, which must be there."""
        if (value := self.moment(column)) is None:
            raise Unreadable(column, "missing")
        return value

    def whole(self, column: str) -> int | None:
        """A whole number; None where it is empty."""
        value = self.values.get(column)
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        if (text := self.text(column)) is None:
            return None
        try:
            return int(text)
        except ValueError:
            raise Unreadable(column, "not a whole number") from None

    def cents(self, column: str) -> int | None:
        """Money with a decimal comma and points between thousands, in hundredths; None where it is empty."""
        if (value := self.text(column)) is None:
            return None
        return hundredths(value.replace(".", "").replace(",", "."), column)

    def flag(self, column: str) -> bool:
        """1 or true; empty and everything else that is known is False."""
        value = (self.text(column) or "0").casefold()
        if value not in {"0", "1", "true", "false"}:
            raise Unreadable(column, "not yes or no")
        return value in {"1", "true"}

    def parts(self, column: str, separator: str) -> tuple[str, ...]:
        """The pieces between separators, without empty ones."""
        return tuple(piece for part in (self.text(column) or "").split(separator) if (piece := part.strip()))

    def within(self, column: str) -> "Cells":
        """The cells of an object inside this one; none where it is absent."""
        value = self.values.get(column)
        if value is None:
            return Cells({})
        if not isinstance(value, dict):
            raise Unreadable(column, "not an object")
        return Cells(value)

    def objects(self, column: str) -> tuple["Cells", ...]:
        """The objects of a list; none where it is absent."""
        value = self.values.get(column)
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
            raise Unreadable(column, "not a list of objects")
        return tuple(Cells(one) for one in value)

    def words(self, column: str) -> tuple[str, ...]:
        """The texts of a list; none where it is absent."""
        value = self.values.get(column)
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise Unreadable(column, "not a list of texts")
        return tuple(value)


def hundredths(value: object, column: str) -> int:
    """Money as an integer count of hundredths, from a text or a JSON number. Raises Unreadable."""
    try:
        amount = Decimal(str(value)) * 100
        found = int(amount.to_integral_value())
    except (InvalidOperation, OverflowError, ValueError):
        raise Unreadable(column, "not an amount") from None
    if found != amount:
        raise Unreadable(column, "parts of a hundredth")
    return found


def repaired(text: str) -> str:
    """The text with UTF-8 that was once read as another encoding put right; everything else stays as it is."""
    return text if text.isascii() else ftfy.fix_encoding(text)
