"""What a caller may be asked: which field of which type each fact is, for the trail and for who explains policies."""

from collections.abc import Mapping
from types import MappingProxyType

from schema.enums import CallerFact

FIELDS: Mapping[CallerFact, tuple[str, str]] = MappingProxyType(
    {
        CallerFact.BIRTH_DATE: ("Customer", "birthDate"),
        CallerFact.ADDRESS_LINE: ("Address", "line1"),
        CallerFact.POSTAL_CODE: ("Address", "postalCode"),
        CallerFact.LAST_ORDER_NUMBER: ("Order", "number"),
        CallerFact.LAST_ORDER_TOTAL: ("Order", "total"),
        CallerFact.CUSTOMER_NUMBER: ("Identity", "normalized"),
        CallerFact.PHONE: ("Customer", "phone"),
        CallerFact.EMAIL: ("Customer", "email"),
    }
)
