"""Catalogue, purchasing, orders, invoices and parcels."""

from ingest.fields import Unreadable
from ingest.normalise import mailbox
from ingest.records import InvoiceRecord, OrderLine, OrderRecord, Parcel, ProductRecord, Purchase
from ingest.tables.column import System, Table, Type, may, must
from ingest.tables.values import Values


def _product(values: Values, system: System) -> ProductRecord:
    del system
    return ProductRecord(
        key=values.required("id"),
        name=values.required("name"),
        category=values.text("category"),
        supplier=values.text("supplier"),
        price=values.cents("price"),
        introduced_on=values.day("introduced_on"),
        discontinued_on=values.day("discontinued_on"),
        revision=values.text("revision"),
        revised_on=values.day("revised_on"),
    )


PRODUCTS = Table(
    "products",
    "Articles of the catalogue.",
    (
        must("id", Type.TEXT, "Article number."),
        must("name", Type.TEXT, "Name."),
        may("category", Type.TEXT, "Group of articles."),
        may("supplier", Type.TEXT, "Number of the supplier."),
        may("price", Type.MONEY, "List price."),
        may("introduced_on", Type.DATE, "First day in the catalogue."),
        may("discontinued_on", Type.DATE, "Last day in the catalogue."),
        may("revision", Type.TEXT, "Revision."),
        may("revised_on", Type.DATE, "Day on which the revision began."),
    ),
    _product,
)


def _purchase(values: Values, system: System) -> Purchase:
    del system
    if (quantity := values.whole("quantity")) is None:
        raise Unreadable("quantity", "missing")
    return Purchase(
        key=values.required("id"),
        supplier=values.required("supplier"),
        supplier_name=values.text("supplier_name"),
        product=values.text("product"),
        quantity=quantity,
        ordered_on=values.required_day("ordered_on"),
        promised_on=values.day("promised_on"),
        received_on=values.day("received_on"),
        unit_cost=values.cents("unit_cost"),
        currency=values.text("currency"),
    )


PURCHASES = Table(
    "purchases",
    "Orders to suppliers.",
    (
        must("id", Type.TEXT, "Number of the purchase order."),
        must("supplier", Type.TEXT, "Number of the supplier."),
        may("supplier_name", Type.TEXT, "Name of the supplier as typed."),
        may("product", Type.TEXT, "Article number."),
        must("quantity", Type.WHOLE, "Pieces."),
        must("ordered_on", Type.DATE, "Day of the order."),
        may("promised_on", Type.DATE, "Day promised."),
        may("received_on", Type.DATE, "Day of receipt."),
        may("unit_cost", Type.MONEY, "Cost of a piece."),
        may("currency", Type.TEXT, "ISO 4217 code."),
    ),
    _purchase,
)


def _order(values: Values, system: System) -> OrderRecord:
    del system
    return OrderRecord(
        key=values.required("id"),
        placed_at=values.required_moment("placed_at"),
        channel=values.text("channel"),
        status=values.required("status"),
        buyer_kind=values.text("buyer_kind"),
        buyer_name=values.text("buyer_name"),
        buyer_email=mailbox(values.text("buyer_email")),
        buyer_phone=values.text("buyer_phone"),
        buyer_number=values.text("buyer_number"),
        buyer_account=values.text("buyer_account"),
        device=values.text("device"),
        lines=tuple(_line(line) for line in values.objects("lines")),
        total=values.cents("total"),
        currency=values.text("currency"),
        coupon=values.text("coupon"),
        campaign=values.text("campaign"),
        discovery=values.text("discovery"),
    )


def _line(values: Values) -> OrderLine:
    quantity = values.whole("quantity")
    return OrderLine(
        sku=values.required("product"),
        quantity=1 if quantity is None else quantity,
        unit_price=values.cents("unit_price"),
    )


ORDERS = Table(
    "orders",
    "Orders, and the customer as the shop knows her: whose an order is, is found out later.",
    (
        must("id", Type.TEXT, "Order number."),
        must("placed_at", Type.TIME, "When it was placed."),
        may("channel", Type.TEXT, "web, app, phone, store ..."),
        must("status", Type.TEXT, "Status; `returned` and `cancelled` do not count as value."),
        may("buyer_kind", Type.TEXT, "account, registered, guest ..."),
        may("buyer_name", Type.TEXT, "Name as given."),
        may("buyer_email", Type.EMAIL, "Mailbox as given."),
        may("buyer_phone", Type.PHONE, "Phone number as given."),
        may("buyer_number", Type.TEXT, "Customer number: the id of a row of `customers`."),
        may("buyer_account", Type.TEXT, "Name of the shop account."),
        may("device", Type.TEXT, "Id of the device or browser."),
        may("lines", Type.OBJECTS, "What was ordered: product, quantity, unit_price."),
        may("total", Type.MONEY, "Total."),
        may("currency", Type.TEXT, "ISO 4217 code."),
        may("coupon", Type.TEXT, "Coupon used."),
        may("campaign", Type.TEXT, "Id of the campaign that prompted it."),
        may("discovery", Type.TEXT, "How the customer came to the company."),
    ),
    _order,
)


def _invoice(values: Values, system: System) -> InvoiceRecord:
    del system
    if (amount := values.cents("amount")) is None:
        raise Unreadable("amount", "missing")
    return InvoiceRecord(
        key=values.required("id"),
        customer=values.text("customer"),
        order=values.text("order_id"),
        credit=values.flag("credit"),
        issued_on=values.required_day("issued_on"),
        due_on=values.day("due_on"),
        paid_on=values.day("paid_on"),
        amount=amount,
        currency=values.required("currency"),
        dunning_level=values.whole("dunning_level") or 0,
        payment_reference=values.text("payment_reference"),
    )


INVOICES = Table(
    "invoices",
    "Invoices and credit notes.",
    (
        must("id", Type.TEXT, "Number."),
        may("customer", Type.TEXT, "Customer number; empty for a number that many share."),
        may("order_id", Type.TEXT, "Order number."),
        may("credit", Type.FLAG, "Whether it is a credit note."),
        must("issued_on", Type.DATE, "Day of issue."),
        may("due_on", Type.DATE, "Due day."),
        may("paid_on", Type.DATE, "Day of payment."),
        must("amount", Type.MONEY, "Amount; negative for a credit note."),
        must("currency", Type.TEXT, "ISO 4217 code."),
        may("dunning_level", Type.WHOLE, "Reminders sent; empty is 0."),
        may("payment_reference", Type.TEXT, "By which a bank or card network knows the payment; kept sealed."),
    ),
    _invoice,
)


def _shipment(values: Values, system: System) -> Parcel:
    del system
    return Parcel(
        key=values.required("id"),
        account=values.text("account"),
        order=values.text("order_id"),
        carrier=values.text("carrier"),
        status=values.required("status"),
        promised_on=values.day("promised_on"),
        delivered_at=values.moment("delivered_at"),
        delay_reason=values.text("delay_reason"),
        history=values.texts("history"),
        recipient=values.text("recipient"),
        address=values.text("address"),
    )


SHIPMENTS = Table(
    "shipments",
    "Parcels of orders.",
    (
        must("id", Type.TEXT, "Number of the parcel."),
        may("account", Type.TEXT, "Account of the recipient: the id of a row of `customers`."),
        may("order_id", Type.TEXT, "Order number."),
        may("carrier", Type.TEXT, "Carrier."),
        must("status", Type.TEXT, "Status."),
        may("promised_on", Type.DATE, "Day promised."),
        may("delivered_at", Type.TIME, "When it was delivered."),
        may("delay_reason", Type.TEXT, "Why it was late."),
        may("history", Type.TEXTS, "What happened to it, in order."),
        may("recipient", Type.TEXT, "Name on the parcel."),
        may("address", Type.TEXT, "Address on the parcel."),
    ),
    _shipment,
)
