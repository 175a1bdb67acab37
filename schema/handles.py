"""Handles: the one spelling in which e-mail addresses, phone numbers and account numbers are compared."""

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat

HOME_REGIONS = ("US", "GB", "DE", "FR", "ES", "PL", "TR")
"""Countries whose national spelling of a phone number is understood."""


def spellings(kind: str, value: str, regions: tuple[str, ...] = HOME_REGIONS) -> list[str]:
    """Every normalised form that a handle may stand under; several for a phone number without its country.

    `kind` is a name of schema.enums.IdentityKind. Empty for what cannot be a handle of the kind.
    """
    bare = value.strip()
    match kind:
        case "EMAIL":
            return [bare.lower()] if "@" in bare else []
        case "PHONE":
            return _phones(bare, regions)
        case "SOCIAL_HANDLE":
            return [bare.lower()] if bare else []
        case "CUSTOMER_NUMBER" | "SHIPPING_ACCOUNT":
            return [bare.upper()] if bare else []
        case _:
            return [bare] if bare else []


def _phones(value: str, regions: tuple[str, ...]) -> list[str]:
    international = f"+{value[2:]}" if value.startswith("00") else value
    found = [_e164(international, None)] if international.startswith("+") else [_e164(value, one) for one in regions]
    return list(dict.fromkeys(number for number in found if number))


def _e164(value: str, region: str | None) -> str | None:
    try:
        number = phonenumbers.parse(value, region)
    except NumberParseException:
        return None
    possible = phonenumbers.is_possible_number(number)
    return phonenumbers.format_number(number, PhoneNumberFormat.E164) if possible else None
