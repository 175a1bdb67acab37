"""What was bought, billed and shipped, and from whom it came."""

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import strawberry

from schema.enums import InvoiceKind
from schema.model import Category as Is
from schema.model import Connection, edge, node, prop

if TYPE_CHECKING:
    from schema.campaign import Campaign
    from schema.customer import Customer
    from schema.insights import RecurringIssue, SupplierDelay
    from schema.promise import Promise
    from schema.service import Case


@node(prefix="ord", plural="orders")
class Order:
    """One order, from web, app or phone."""

    id: strawberry.ID = prop(Is.KEY, "Opaque handle.")
    number: str = prop(Is.OPERATIONS, "Number the shop gave it.", indexed=True, searched=True)
    placed_at: datetime = prop(Is.BEHAVIOUR, "When it was placed.", indexed=True)
    channel: str | None = prop(Is.BEHAVIOUR, "Where it was placed.")
    status: str = prop(Is.BEHAVIOUR, "completed, returned, cancelled ...")
    item_count: int = prop(Is.BEHAVIOUR, "Number of pieces.")
    coupon: str | None = prop(Is.BEHAVIOUR, "Coupon used.")
    discovery: str | None = prop(Is.BEHAVIOUR, "How the customer came to it.")
    total: Decimal | None = prop(Is.FINANCIAL, "Total in `currency`.", indexed=True)
    currency: str | None = prop(Is.FINANCIAL, "ISO 4217.")

    customer: "Customer | None" = edge("PLACED", "Who placed it.", outward=False, subject=True)
    products: Connection["Product"] = edge("OF", "What was ordered.")
    invoices: Connection["Invoice"] = edge("BILLED_BY", "What was billed for it.")
    shipments: Connection["Shipment"] = edge("SHIPPED_BY", "Parcels.")
    campaign: "Campaign | None" = edge("PROMPTED_BY", "The campaign it followed.")
    cases: Connection["Case"] = edge("CONCERNS", "Cases about it.", outward=False)
    promises: Connection["Promise"] = edge("PROMISED_FOR", "What was promised about it.", outward=False)
    delays: Connection["SupplierDelay"] = edge("DELAYED", "Delays of suppliers that it came late in.", outward=False)


@node(prefix="inv", plural="invoices")
class Invoice:
    """An invoice or credit note."""

    id: strawberry.ID = prop(Is.KEY, "Opaque handle.")
    number: str = prop(Is.OPERATIONS, "Number billing gave it.", indexed=True, searched=True)
    kind: InvoiceKind = prop(Is.FINANCIAL, "Invoice or credit note.")
    issued_on: date = prop(Is.FINANCIAL, "Day of issue.")
    due_on: date | None = prop(Is.FINANCIAL, "Day by which it is to be paid.")
    paid_on: date | None = prop(Is.FINANCIAL, "Day on which it was paid.")
    amount: Decimal = prop(Is.FINANCIAL, "Amount in `currency`.")
    currency: str = prop(Is.FINANCIAL, "ISO 4217.")
    dunning_level: int = prop(Is.FINANCIAL, "How often the customer was reminded.")
    payment_reference: str | None = prop(
        Is.SECRET, "By which a bank or card network knows the payment.", blind_index=True, beside="last4"
    )

    order: "Order | None" = edge("BILLED_BY", "What it bills.", outward=False, subject=True)


@node(prefix="shp", plural="shipments")
class Shipment:
    """One parcel."""

    id: strawberry.ID = prop(Is.KEY, "Opaque handle.")
    number: str = prop(Is.OPERATIONS, "Number of the parcel.", indexed=True)
    carrier: str | None = prop(Is.OPERATIONS, "Who carries it.")
    status: str = prop(Is.BEHAVIOUR, "Where it stands.")
    promised_on: date | None = prop(Is.BEHAVIOUR, "Day for which it was promised.")
    delivered_at: datetime | None = prop(Is.BEHAVIOUR, "When it arrived.")
    delay_reason: str | None = prop(Is.OPERATIONS, "Why it was late.")
    history: list[str] = prop(Is.BEHAVIOUR, "Steps, each `time STATUS`.")
    recipient: str | None = prop(Is.IDENTITY, "Name on the parcel.")
    address: str | None = prop(Is.CONTACT, "Address on the parcel, as typed.")

    order: "Order | None" = edge("SHIPPED_BY", "What it carries.", outward=False, subject=True)


@node(prefix="prd", plural="products")
class Product:
    """One article of the catalogue."""

    id: strawberry.ID = prop(Is.KEY, "Opaque handle.")
    sku: str = prop(Is.REFERENCE, "Article number.", indexed=True, searched=True)
    name: str = prop(Is.REFERENCE, "Name in the catalogue.", indexed=True, searched=True)
    category: str | None = prop(Is.REFERENCE, "Group of the catalogue.")
    price: Decimal | None = prop(Is.REFERENCE, "List price in EUR.")
    introduced_on: date | None = prop(Is.REFERENCE, "First day of sale.")
    discontinued_on: date | None = prop(Is.REFERENCE, "Last day of sale.")
    revision: str | None = prop(Is.REFERENCE, "Current revision.")
    revised_on: date | None = prop(Is.REFERENCE, "Day the revision began.")

    supplier: "Supplier | None" = edge("SUPPLIES", "Who supplies it.", outward=False)
    orders: Connection["Order"] = edge("OF", "Orders of it.", outward=False)
    purchases: Connection["PurchaseOrder"] = edge("BUYS", "Purchases of it.", outward=False)
    issues: Connection["RecurringIssue"] = edge("AFFECTS", "Recurring issues in which it is named.", outward=False)


@node(prefix="sup", plural="suppliers")
class Supplier:
    """Who supplies products."""

    id: strawberry.ID = prop(Is.KEY, "Opaque handle.")
    number: str = prop(Is.REFERENCE, "Vendor number.", indexed=True)
    name: str | None = prop(Is.REFERENCE, "The spelling used most.", searched=True)
    spellings: list[str] = prop(Is.REFERENCE, "Every spelling found.")

    products: Connection["Product"] = edge("SUPPLIES", "What it supplies.")
    purchases: Connection["PurchaseOrder"] = edge("FILLED_BY", "Purchase orders placed with it.", outward=False)
    delays: Connection["SupplierDelay"] = edge("BY_SUPPLIER", "Periods over which it was late.", outward=False)


@node(prefix="pur", plural="purchaseOrders")
class PurchaseOrder:
    """One order to a supplier."""

    id: strawberry.ID = prop(Is.KEY, "Opaque handle.")
    number: str = prop(Is.REFERENCE, "Number purchasing gave it.", indexed=True)
    quantity: int = prop(Is.REFERENCE, "Pieces.")
    ordered_on: date = prop(Is.REFERENCE, "Day of the order.")
    promised_on: date | None = prop(Is.REFERENCE, "Day promised.")
    received_on: date | None = prop(Is.REFERENCE, "Day received.")
    unit_cost: Decimal | None = prop(Is.REFERENCE, "Cost of a piece in `currency`.")
    currency: str | None = prop(Is.REFERENCE, "ISO 4217.")

    supplier: "Supplier | None" = edge("FILLED_BY", "With whom it was placed.")
    product: "Product | None" = edge("BUYS", "What was bought.")
