"""One spelling for what is to be compared: mailboxes, phones, countries, names and addresses."""

import re
import unicodedata
from collections.abc import Mapping
from enum import Enum
from functools import lru_cache
from types import MappingProxyType

import phonenumbers
from email_validator import EmailNotValidError, validate_email

from schema.spelling import PLAIN

# What people type where a form demands something: no one's address.
_NO_ONE = re.compile(r"^(test|none|noreply|no-?reply|x+|n/?a|unknown|nobody|dummy|invalid|na|no|email|mail)@")
_PLACEHOLDER = re.compile(r"^0*(\d)\1{5,}$|^0?123456789?0?$|^0?987654321?0?$")

_SHORTEST_NATIONAL_ID = 5

_COMMON_NAMES_OF_COUNTRIES: Mapping[str, str] = MappingProxyType(
    {
        name: code
        for code, names in {
            # D is the sign on cars, which German senders write.
            "DE": "d deutschland germany allemagne alemania niemcy",
            "US": "usa|united states|united states of america|vereinigte staaten|états-unis|estados unidos",
            "GB": "uk|united kingdom|great britain|england|scotland|wales|northern ireland|großbritannien",
            "FR": "france frankreich francia francja",
            "ES": "spain españa spanien espagne hiszpania",
            "PL": "poland polska polen pologne polonia",
            "TR": "turkey türkiye türkei turquie turquía",
            "AT": "austria österreich",
            "CH": "switzerland schweiz suisse svizzera",
            "IT": "italy italia italien",
            "NL": "netherlands nederland niederlande",
            "BE": "belgium belgië belgique belgien",
        }.items()
        for name in names.split("|" if "|" in names else " ")
    }
)


class Line(Enum):
    """Where a number rings: in a house or with a person. North American numbers do not tell."""

    LANDLINE = "landline"
    MOBILE = "mobile"
    UNTOLD = "untold"


@lru_cache(maxsize=65536)
def mailbox(text: str | None) -> str | None:
    """The address in lower case, or None where it is not one or belongs to no one (`noreply@`, `test@`)."""
    if text is None or _NO_ONE.match(text.strip().casefold()):
        return None
    try:
        # No look-up: an address is judged by its form alone, whatever the network says today.
        found = validate_email(text.strip(), check_deliverability=False)
    except EmailNotValidError:
        return None
    return found.normalized.casefold()


def same_mailbox(address: str) -> str:
    """The address without its tag: `ann+shop@x.example` reaches the mailbox `ann@x.example` (RFC 5233)."""
    local, _, domain = address.rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"


@lru_cache(maxsize=65536)
def phone(text: str | None, region: str | None) -> str | None:
    """The number in E.164, read as dialled in `region`, or None where it is no number or a placeholder."""
    if text is None or not (digits := re.sub(r"\D", "", text)) or _PLACEHOLDER.match(digits):
        return None
    # 00 leads abroad nearly everywhere, and exports write it for countries where it does not.
    dialled = f"+{text.strip()[2:]}" if text.strip().startswith("00") else text
    try:
        number = phonenumbers.parse(dialled, region)
    except phonenumbers.NumberParseException:
        return None
    national = phonenumbers.national_significant_number(number)
    if not phonenumbers.is_possible_number(number) or len(set(national)) == 1 or _PLACEHOLDER.match(national):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


@lru_cache(maxsize=65536)
def rings(number: str) -> Line:
    """Where a number in E.164 rings, as its country numbers its lines."""
    kind = phonenumbers.number_type(phonenumbers.parse(number))
    if kind == phonenumbers.PhoneNumberType.MOBILE:
        return Line.MOBILE
    return Line.LANDLINE if kind == phonenumbers.PhoneNumberType.FIXED_LINE else Line.UNTOLD


def national_id(text: str | None) -> str | None:
    """The number in capitals without signs and blanks, or None where it is a placeholder. Nothing is remembered of it.

    Which digits a state gives out is not judged: there are as many rules as states, and a wrong one refuses a person.
    """
    said = re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", text or "")).upper()
    digits = re.sub(r"\D", "", said)
    if len(said) < _SHORTEST_NATIONAL_ID or not digits or len(set(digits)) == 1 or _PLACEHOLDER.match(said):
        return None
    return said


@lru_cache(maxsize=1024)
def country(text: str | None) -> str | None:
    """ISO 3166-1 alpha-2 of a code or of a name in any language, or None."""
    if text is None:
        return None
    word = text.replace(".", "").strip().casefold()
    if named := _COMMON_NAMES_OF_COUNTRIES.get(word):
        return named
    if len(word) == 2:
        return word.upper() if word.upper() in phonenumbers.SUPPORTED_REGIONS else None
    return _names_of_countries().get(word)


@lru_cache(maxsize=1)
def _names_of_countries() -> dict[str, str]:
    # phonenumbers carries the CLDR names, so no further library is needed; they take seconds to import.
    from phonenumbers.geodata.locale import LOCALE_DATA

    return {
        name.casefold(): region
        for region, names in LOCALE_DATA.items()
        for name in names.values()
        if not name.startswith("*")  # these refer to the name in another language
    }


@lru_cache(maxsize=65536)
def folded(text: str) -> str:
    """Lower case, letters without marks, single blanks. A `?` for a lost letter stays: it may be any letter."""
    lowered = unicodedata.normalize("NFC", text.casefold()).translate(PLAIN)
    bare = "".join(c for c in unicodedata.normalize("NFKD", lowered) if not unicodedata.combining(c))
    return re.sub(r"[^\w?]+", " ", bare).strip()


_STREET_WORDS = (
    (re.compile(r"\b(c|calle|cl)\b"), "calle"),
    (re.compile(r"str\b|strasse\b"), "str"),
    (re.compile(r"\bul(ica)?\b"), ""),
    (re.compile(r"\bave(nue)?\b"), "av"),
    (re.compile(r"\bst(reet)?\b"), "st"),
    (re.compile(r"\br(oa)?d\b"), "rd"),
    (re.compile(r"\bdr(ive)?\b"), "dr"),
    (re.compile(r"\bln\b|\blane\b"), "ln"),
)
_UNIT = re.compile(r"\b(apt|apartment|unit|flat|suite|whg|piso)\b.*$")


@lru_cache(maxsize=65536)
def street_letters(line: str) -> str:
    """A line of an address as one word, without its unit: `12 Main Street, Apt 4` is `12mainst`."""
    text = folded(line)
    for pattern, word in _STREET_WORDS:
        text = pattern.sub(word, text)
    return re.sub(r"[^\w?]", "", _UNIT.sub("", text))


@lru_cache(maxsize=65536)
def place(street: str | None, postal_code: str | None, region: str | None) -> str | None:
    """One key for a house: street with number, postal code and country; None where one of the first two lacks.

    Units are left out: they come and go between exports of one household.
    """
    if not street or not postal_code:
        return None
    text = street_letters(street)
    code = re.sub(r"\W", "", postal_code).upper().lstrip("0")
    return f"{region or '?'}|{code}|{text}" if text and code else None
