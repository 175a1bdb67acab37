"""The canonical tables: what the SQL of a source selects. Cleaning and matching are done after it, by us."""

from collections.abc import Mapping
from types import MappingProxyType

from ingest.tables import commerce, interactions, outreach, people, service
from ingest.tables.column import Column, System, Table, Type

__all__ = ["META", "TABLES", "Column", "System", "Table", "Type"]

TABLES: Mapping[str, Table] = MappingProxyType(
    {
        table.name: table
        for table in (
            people.CUSTOMERS,
            people.COMPANIES,
            people.COMPANY_CONTACTS,
            outreach.CONSENTS,
            interactions.INTERACTIONS,
            interactions.CALLS,
            interactions.CHATS,
            interactions.MESSAGES,
            interactions.EVENTS,
            interactions.MENTIONS,
            service.CASES,
            commerce.ORDERS,
            commerce.INVOICES,
            commerce.SHIPMENTS,
            commerce.PRODUCTS,
            commerce.PURCHASES,
            outreach.CAMPAIGNS,
            outreach.OUTREACH,
            service.EMPLOYEES,
            service.ASSIGNMENTS,
        )
    }
)
META: tuple[Column, ...] = (
    Column(
        "_row",
        Type.OBJECT,
        "Where the row is from and what it was: file, line and payload. `csv_rows`, `json_rows` and `json_list` give "
        "it; without it, what is kept of the row is the columns of the SELECT.",
    ),
)
"""Columns that any table may have beside its own."""
