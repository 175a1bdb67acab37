"""What is measured of the quality of data: which attributes in which dimension."""

from collections.abc import Mapping
from types import MappingProxyType

from schema.enums import QualityDimension

RECORD, ROW = "record", "row"
_OF_PERSONS = ("givenName", "familyName", "birthDate", "email", "phone", "address", "region", "preferredChannel")
_OF_CUSTOMERS = (*_OF_PERSONS, "name", "vatNumber")
MEASURED: Mapping[QualityDimension, tuple[str, ...]] = MappingProxyType(
    {
        QualityDimension.COMPLETENESS: _OF_CUSTOMERS,
        QualityDimension.VALIDITY: (*_OF_PERSONS, ROW),
        QualityDimension.UNIQUENESS: (RECORD, "email", "phone"),
        QualityDimension.TIMELINESS: (RECORD,),
        QualityDimension.CONSISTENCY: _OF_PERSONS,
    }
)
"""Attributes of a golden record, whole records, or rows of any kind."""
