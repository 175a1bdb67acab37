"""Single values, read as what they should be; what cannot be says which column and why, never what it is."""

from decimal import Decimal, InvalidOperation

import ftfy


class Unreadable(ValueError):
    """A row that cannot be read. `column` is a name of the format and `reason` a class; neither holds a value."""

    def __init__(self, column: str, reason: str) -> None:
        super().__init__(f"{column}: {reason}")
        self.column = column
        self.reason = reason


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
    """The text with UTF-8 that was once read as another encoding put right; everything else stays as it is.

    What comes back can always be written as UTF-8: bytes that a parser could only pass through (PEP 383) are read.
    """
    return text if text.isascii() else ftfy.fix_encoding(_written(text))


def _written(text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError:
        pass
    else:
        return text
    try:
        raw = text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:  # halves of pairs that no bytes stand behind
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")
