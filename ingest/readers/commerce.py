"""Catalogue, purchasing, orders, invoices and parcels."""

from ingest.fields import Cells, Unreadable, hundredths
from ingest.normalise import mailbox
from ingest.records import InvoiceRecord, OrderLine, OrderRecord, Parcel, ProductRecord, Purchase

_GERMAN_DAY = "%d.%m.%Y"
_GUESTS = "K-000000"  # the number that billing gives to everyone without one


def product(cells: Cells) -> ProductRecord:
    """A row of products.csv."""
    return ProductRecord(
        key=cells.required("Artikel"),
        name=cells.required("Bezeichnung"),
        category=cells.text("Warengruppe"),
        supplier=cells.text("Lieferant"),
        price=cells.cents("VK_EUR"),
        introduced_on=cells.day("Einfuehrung", _GERMAN_DAY),
        discontinued_on=cells.day("Auslauf", _GERMAN_DAY),
        revision=cells.text("Revision"),
        revised_on=cells.day("Rev_ab", _GERMAN_DAY),
    )


def purchase(cells: Cells) -> Purchase:
    """A row of procurement.csv."""
    quantity = cells.whole("QTY")
    if quantity is None:
        raise Unreadable("QTY", "missing")
    return Purchase(
        key=cells.required("PO"),
        supplier=cells.required("VENDOR"),
        supplier_name=cells.text("VENDOR_NAME"),
        product=cells.text("MATERIAL"),
        quantity=quantity,
        ordered_on=cells.required_day("ORDERED", _GERMAN_DAY),
        promised_on=cells.day("PROMISED", _GERMAN_DAY),
        received_on=cells.day("RECEIVED", _GERMAN_DAY),
        unit_cost=cells.cents("UNIT_COST"),
        currency=cells.text("CURR"),
    )


def order(cells: Cells) -> OrderRecord:
    """A line of orders.jsonl."""
    buyer, total = cells.within("customer"), cells.within("total")
    amount = total.values.get("amount")
    return OrderRecord(
        key=cells.required("orderId"),
        placed_at=cells.required_moment("placedAt"),
        channel=cells.text("channel"),
        status=cells.required("status"),
        buyer_kind=buyer.text("type"),
        buyer_name=buyer.text("name"),
        buyer_email=mailbox(buyer.text("email")),
        buyer_phone=buyer.text("phone"),
        buyer_number=buyer.text("customerNo"),
        buyer_account=buyer.text("account"),
        device=cells.text("anonymousId"),
        lines=tuple(_line(line) for line in cells.objects("lines")),
        total=None if amount is None else hundredths(amount, "total.amount"),
        currency=total.text("currency"),
        coupon=cells.text("coupon"),
        campaign=cells.text("campaign"),
        discovery=cells.text("discovery"),
    )


def _line(cells: Cells) -> OrderLine:
    price, quantity = cells.values.get("unitPrice"), cells.whole("qty")
    return OrderLine(
        sku=cells.required("sku"),
        quantity=1 if quantity is None else quantity,
        unit_price=None if price is None else hundredths(price, "lines.unitPrice"),
    )


def invoice(cells: Cells) -> InvoiceRecord:
    """A row of invoices.csv."""
    customer, kind, amount = cells.text("CUST_NO"), cells.required("KIND"), cells.cents("AMOUNT")
    if kind not in {"R", "G"}:
        raise Unreadable("KIND", "unknown kind")
    if amount is None:
        raise Unreadable("AMOUNT", "missing")
    return InvoiceRecord(
        key=cells.required("INV_NO"),
        customer=None if customer == _GUESTS else customer,
        order=cells.text("ORDER_NO"),
        credit=kind == "G",
        issued_on=cells.required_day("INV_DATE", _GERMAN_DAY),
        due_on=cells.day("DUE", _GERMAN_DAY),
        paid_on=cells.day("PAID", _GERMAN_DAY),
        amount=amount,
        currency=cells.required("CURR"),
        dunning_level=cells.whole("DUNNING") or 0,
    )


def parcel(cells: Cells) -> Parcel:
    """A row of shipments.csv."""
    return Parcel(
        key=cells.required("parcel"),
        account=cells.text("shipping_account"),
        order=cells.text("order_ref"),
        carrier=cells.text("carrier"),
        status=cells.required("status"),
        promised_on=cells.day("promised_on"),
        delivered_at=cells.moment("delivered_at"),
        delay_reason=cells.text("delay_reason"),
        history=cells.parts("history", "|"),
        recipient=cells.text("recipient"),
        address=cells.text("address"),
    )
