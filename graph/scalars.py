"""How each scalar is held in Neo4j, leaves it, and comes back as a parameter.

Temporal values leave as text (hydrating them in Python costs six times the query) and come back through `date()` and
`datetime()`; money is an integer count of hundredths.
"""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from schema.errors import ValueInvalid
from schema.model import Scalar


def read_text(scalar: Scalar, value: str, many: bool = False) -> str:
    """Cypher that gives a stored value in the form in which it leaves the database."""
    if scalar in (Scalar.DATE, Scalar.DATETIME):
        return f"[x IN {value} | toString(x)]" if many else f"toString({value})"
    return value


def parameter_text(scalar: Scalar, name: str, many: bool = False) -> str:
    """Cypher that gives a parameter in the form in which values are stored."""
    function = {Scalar.DATE: "date", Scalar.DATETIME: "datetime"}.get(scalar)
    if function is None:
        return name
    return f"[x IN {name} | {function}(x)]" if many else f"{function}({name})"


def to_parameter(scalar: Scalar, value: object) -> object:
    """A coerced GraphQL input value as the parameter that the driver sends.

    Raises ValueInvalid where a value has no counterpart in the graph.
    """
    match scalar, value:
        case _, None:
            return None
        case Scalar.DECIMAL, _:
            return _hundredths(value)
        case (Scalar.DATE, date() as moment) | (Scalar.DATETIME, datetime() as moment):
            return moment.isoformat()
        case Scalar.ENUM, _:
            return getattr(value, "name", value)
        case Scalar.INT, int() if not -(2**63) <= value < 2**63:
            raise ValueInvalid("An integer is too large.")
        case _:
            return value


def _hundredths(value: object) -> int | float:
    try:
        scaled = Decimal(str(value)).scaleb(2)
        if not scaled.is_finite() or abs(scaled) >= 2**63:
            raise ValueInvalid("An amount is not a number that the graph can hold.")
        return int(scaled) if scaled == scaled.to_integral_value() else float(scaled)
    except InvalidOperation:
        raise ValueInvalid("An amount is not a decimal number.") from None


def _money(value: int) -> str:
    sign = "-" if value < 0 else ""
    return f"{sign}{abs(value) // 100}.{abs(value) % 100:02d}"


WRITE: dict[Scalar, Callable[..., object]] = {Scalar.DECIMAL: _money}
"""How a value from the database is written into the answer, for the scalars that are not written as they are."""
