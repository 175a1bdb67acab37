"""Records that one order ties together: billing wrote its invoice to one, shipping sent its parcel to another.

What an order says of its buyer is no more than a reference, as sales makes them: the rules ask for the name beside it.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from ingest.exports import Exports
from ingest.records import InvoiceRecord, OrderRecord, Parcel, Profile
from schema.enums import IdentityKind


def referred(exports: Exports) -> tuple[Profile, ...]:
    """The profile records, each with the records of other silos that its orders lead to among its references."""
    billed, sent = _by_order(exports)
    led: dict[str, set[str]] = defaultdict(set)
    for order in billed.keys() & sent.keys():
        for number in billed[order]:
            led[number] |= sent[order]
    return tuple(
        replace(one, references=_with(one.references, sorted(led[one.key])))
        if one.known_as is IdentityKind.CUSTOMER_NUMBER and one.key in led
        else one
        for one in exports.of(Profile)
    )


def _by_order(exports: Exports) -> tuple[dict[str, set[str]], dict[str, set[str]]]:
    billed: dict[str, set[str]] = defaultdict(set)
    sent: dict[str, set[str]] = defaultdict(set)
    for invoice in exports.of(InvoiceRecord):
        if invoice.order and invoice.customer:
            billed[invoice.order].add(invoice.customer)
    for order in exports.of(OrderRecord):
        if order.buyer_number:
            billed[order.key].add(order.buyer_number)
        if order.buyer_account:
            sent[order.key].add(order.buyer_account)
    for parcel in exports.of(Parcel):
        if parcel.order and parcel.account:
            sent[parcel.order].add(parcel.account)
    return billed, sent


def _with(references: Sequence[str], more: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*references, *more)))
