"""What the company works out about a customer from what she did: signals, each with why in words."""

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import strawberry

from schema.enums import SignalKind
from schema.model import Category as Is
from schema.model import Connection, edge, node, prop

if TYPE_CHECKING:
    from schema.campaign import Campaign
    from schema.commerce import Product
    from schema.customer import Customer

__all__ = ["Signal"]


@node(prefix="sig", plural="signals")
class Signal:
    """One thing worked out about one customer, as of some moment. The next run makes it anew or takes it away."""

    id: strawberry.ID = prop(Is.KEY, "Opaque handle; stays the same from run to run.")
    kind: SignalKind = prop(Is.OPERATIONS, "What it is about.", indexed=True)
    at: datetime = prop(Is.OPERATIONS, "As of when it was worked out.", indexed=True)
    band: str | None = prop(
        Is.BEHAVIOUR,
        "VALUE: the fifth of customers of her kind in which she stands. CHURN: active, at risk, probably lost."
        " DISCOVERY: the channel by which she found the company.",
        indexed=True,
    )
    certainty: str | None = prop(Is.BEHAVIOUR, "DISCOVERY: recorded by the shop, inferred, or guessed.")
    probability: float | None = prop(Is.BEHAVIOUR, "CHURN: that she is still a customer, from 0 to 1.")
    order_probability: float | None = prop(Is.BEHAVIOUR, "CHURN: that she orders within 90 days, from 0 to 1.")
    words: str = prop(Is.BEHAVIOUR, "Why, in a sentence.")
    cautions: list[str] = prop(Is.BEHAVIOUR, "What speaks against acting on it: an open complaint, no legal basis.")
    amount: Decimal | None = prop(
        Is.FINANCIAL, "VALUE: orders of the last twelve months less what was given back, in `currency`."
    )
    amount_ever: Decimal | None = prop(Is.FINANCIAL, "VALUE: the same over all time.")
    currency: str | None = prop(Is.FINANCIAL, "VALUE: ISO 4217; there is a signal for each currency.")

    customer: "Customer | None" = edge("SHOWS", "Whom it is about.", outward=False, subject=True)
    products: Connection["Product"] = edge("OFFERS", "CROSS_SELL: what she may like and does not have.")
    campaign: "Campaign | None" = edge("BEGAN_WITH", "DISCOVERY: the campaign that she answered first.")
