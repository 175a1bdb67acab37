"""Catalogue, suppliers, orders, invoices, parcels and campaigns as nodes."""

from collections import Counter, defaultdict

from ingest.company import Company
from ingest.draft import Draft, End
from ingest.records import CampaignRecord, InvoiceRecord, OrderRecord, Parcel, ProductRecord, Purchase
from schema.enums import ChannelKind, InvoiceKind

CHANNELS = {
    "email": ChannelKind.EMAIL,
    "phone": ChannelKind.PHONE,
    "sms": ChannelKind.SMS,
    "push": ChannelKind.PUSH,
    "post": ChannelKind.POST,
}


def catalogue(company: Company, draft: Draft) -> None:
    """Enter suppliers, products and purchase orders."""
    purchases = company.exports.of(Purchase)
    spellings: dict[str, Counter[str]] = defaultdict(Counter)
    for purchase in purchases:
        spellings[purchase.supplier].update([purchase.supplier_name] if purchase.supplier_name else [])
    products = company.exports.of(ProductRecord)
    for number in sorted(set(spellings) | {product.supplier for product in products if product.supplier}):
        counted = spellings[number]
        used = min(counted, key=lambda one: (-counted[one], one), default=None)
        draft.node("Supplier", number, {"number": number, "name": used, "spellings": sorted(counted)})
    for product in products:
        node = draft.node(
            "Product",
            f"products:{product.key}",
            {
                "sku": product.key,
                "name": product.name,
                "category": product.category,
                "price": product.price,
                "introducedOn": product.introduced_on,
                "discontinuedOn": product.discontinued_on,
                "revision": product.revision,
                "revisedOn": product.revised_on,
            },
        )
        if product.supplier:
            draft.link("SUPPLIES", End("Supplier", product.supplier), node)
    for purchase in purchases:
        node = draft.node(
            "PurchaseOrder",
            f"procurement:{purchase.key}",
            {
                "number": purchase.key,
                "quantity": purchase.quantity,
                "orderedOn": purchase.ordered_on,
                "promisedOn": purchase.promised_on,
                "receivedOn": purchase.received_on,
                "unitCost": purchase.unit_cost,
                "currency": purchase.currency,
            },
        )
        draft.link("FILLED_BY", node, End("Supplier", purchase.supplier))
        if draft.has("Product", f"products:{purchase.product}"):
            draft.link("BUYS", node, End("Product", f"products:{purchase.product}"))


def campaigns(company: Company, draft: Draft) -> None:
    """Enter campaigns."""
    for one in company.exports.of(CampaignRecord):
        draft.node(
            "Campaign",
            f"campaigns:{one.key}",
            {
                "number": one.key,
                "name": one.name,
                "purpose": one.purpose,
                "channel": CHANNELS[one.channel],
                "startsOn": one.starts_on,
                "endsOn": one.ends_on,
                "coupon": one.coupon,
            },
        )


def orders(company: Company, draft: Draft) -> None:
    """Enter orders with what was ordered, billed and shipped, and whose they are where that is known."""
    for order in company.exports.of(OrderRecord):
        node = draft.node(
            "Order",
            f"orders:{order.key}",
            {
                "number": order.key,
                "placedAt": order.placed_at,
                "channel": order.channel,
                "status": order.status,
                "itemCount": sum(line.quantity for line in order.lines),
                "coupon": order.coupon,
                "discovery": order.discovery,
                "total": order.total,
                "currency": order.currency,
            },
        )
        if found := company.attribution.of("orders", order.key):
            draft.link("PLACED", End("Customer", found.customer), node)
        if draft.has("Campaign", f"campaigns:{order.campaign}"):
            draft.link("PROMPTED_BY", node, End("Campaign", f"campaigns:{order.campaign}"))
        _lines(order, node, draft)
    _invoices(company, draft)
    _parcels(company, draft)


def _lines(order: OrderRecord, node: End, draft: Draft) -> None:
    pieces: Counter[str] = Counter()
    prices: dict[str, int | None] = {}
    for line in order.lines:
        pieces[line.sku] += line.quantity
        prices[line.sku] = line.unit_price
    for sku, quantity in pieces.items():
        if draft.has("Product", f"products:{sku}"):
            draft.link("OF", node, End("Product", f"products:{sku}"), {"quantity": quantity, "unitPrice": prices[sku]})


def _invoices(company: Company, draft: Draft) -> None:
    for invoice in company.exports.of(InvoiceRecord):
        node = draft.node(
            "Invoice",
            f"invoices:{invoice.key}",
            {
                "number": invoice.key,
                "kind": InvoiceKind.CREDIT_NOTE if invoice.credit else InvoiceKind.INVOICE,
                "issuedOn": invoice.issued_on,
                "dueOn": invoice.due_on,
                "paidOn": invoice.paid_on,
                "amount": invoice.amount,
                "currency": invoice.currency,
                "dunningLevel": invoice.dunning_level,
                "paymentReference": invoice.payment_reference,
            },
        )
        if draft.has("Order", f"orders:{invoice.order}"):
            draft.link("BILLED_BY", End("Order", f"orders:{invoice.order}"), node)


def _parcels(company: Company, draft: Draft) -> None:
    for parcel in company.exports.of(Parcel):
        node = draft.node(
            "Shipment",
            f"shipments:{parcel.key}",
            {
                "number": parcel.key,
                "carrier": parcel.carrier,
                "status": parcel.status,
                "promisedOn": parcel.promised_on,
                "deliveredAt": parcel.delivered_at,
                "delayReason": parcel.delay_reason,
                "history": parcel.history,
                "recipient": parcel.recipient,
                "address": parcel.address,
            },
        )
        if draft.has("Order", f"orders:{parcel.order}"):
            draft.link("SHIPPED_BY", End("Order", f"orders:{parcel.order}"), node)
