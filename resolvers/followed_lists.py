"""Lists that can be followed record by record, and which roles can follow them."""

from collections.abc import Mapping
from dataclasses import dataclass

from graph.view import View


@dataclass(frozen=True, slots=True)
class Listed:
    """A list that can be followed: of which type, in which windows.

    `of` is the edge of a customer whose list it is; None for the list of all that may be seen. `orders` are the times
    of which the latest make a window each. `by` are the argument and the field by which it is narrowed.
    """

    type: str
    of: str | None
    orders: tuple[str, ...]
    by: tuple[str, str] | None = None


LISTS: Mapping[str, Listed] = {
    "consentRecorded": Listed("Consent", "consents", ("capturedAt",)),
    "reviewTaskChanged": Listed("ReviewTask", None, ("foundAt", "closedAt"), ("kinds", "kind")),
}


def followable(view: View, name: str) -> bool:
    """Whether a role can follow a list: it sees the times as they are, and the customer's list where it is hers."""
    listed = LISTS[name]
    seen, customer = view.types.get(listed.type), view.types.get("Customer")
    if seen is None or not all(time in seen.fields and seen.fields[time].plain for time in listed.orders):
        return False
    return listed.of is None or (customer is not None and listed.of in customer.edges)
