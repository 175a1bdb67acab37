"""From the exports to purchase orders and customers' parcels."""

from ingest.exports import Exports
from ingest.records import OrderRecord, Parcel, ProductRecord, Purchase
from insight.suppliers import CustomerParcel, PurchaseOrder, suppliers_of


def purchases(exports: Exports) -> tuple[PurchaseOrder, ...]:
    """Orders to suppliers for which a day was promised."""
    return tuple(
        PurchaseOrder(one.supplier, one.product, one.promised_on, one.received_on)
        for one in exports.of(Purchase)
        if one.promised_on
    )


def parcels(exports: Exports) -> tuple[CustomerParcel, ...]:
    """Parcels of known orders for which a day was promised."""
    catalogue = {one.key: one.supplier for one in exports.of(ProductRecord)}
    orders = {one.key: one for one in exports.of(OrderRecord)}
    return tuple(
        CustomerParcel(
            one.order,
            suppliers_of((line.sku for line in orders[one.order].lines), catalogue),
            one.promised_on,
            one.delivered_at.date() if one.delivered_at else None,
        )
        for one in exports.of(Parcel)
        if one.promised_on and one.order in orders
    )
