"""vCards (RFC 6350 and its elders) without SQL: each card is a row of `customers`."""

import hashlib
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ingest.fields import Unreadable
from ingest.records import Record
from ingest.rows import Row
from ingest.tables import TABLES, System
from ingest.tables.values import Values

_BEGIN = re.compile(r"^BEGIN:VCARD\s*$", re.IGNORECASE)
_END = re.compile(r"^END:VCARD\s*$", re.IGNORECASE)
_DAY = re.compile(r"(\d{4})-?(\d{2})-?(\d{2})")


def cards(exports: Path, named: str, country: str | None, system: System) -> Iterator[tuple[Row, Record | Unreadable]]:
    """Every card of a file or of the `.vcf` files of a folder. None where nothing is there."""
    path = exports / named
    for one in sorted(path.rglob("*.vcf")) if path.is_dir() else [path] if path.is_file() else []:
        for line, text in _each(one.read_bytes().decode("utf-8-sig", "replace")):
            row = Row(one.relative_to(exports).as_posix(), line, {"card": text})
            try:
                values = Values(_values(text, country))
                yield row, TABLES["customers"].record(values, system)
            except Unreadable as fault:
                yield row, fault


def _each(text: str) -> Iterator[tuple[int, str]]:
    """The text of each card and the line it begins on, from 1."""
    begun, lines = 0, list[str]()
    for number, line in enumerate(text.splitlines(), 1):
        if _BEGIN.match(line):
            begun, lines = number, []
        lines.append(line)
        if _END.match(line) and begun:
            yield begun, "\n".join(lines) + "\n"
            begun = 0


def _values(text: str, country: str | None) -> Mapping[str, Any]:
    import vobject

    try:
        card = vobject.readOne(text, allowQP=True)
    except Exception:  # the parser raises what its grammar meets, beside its own ParseError
        raise Unreadable("card", "not a vCard") from None
    found: dict[str, list[Any]] = {name: [one.value for one in said] for name, said in card.contents.items()}
    emails, phones = _texts(found, "email"), [one.removeprefix("tel:") for one in _texts(found, "tel")]
    name, address = _first(found, "n"), _first(found, "adr")
    whole = next(iter(_texts(found, "fn")), None)
    values: dict[str, Any] = {
        "id": next(iter(_texts(found, "uid")), None) or _made(whole, *emails[:1], *phones[:1]),
        "email": next(iter(emails), None),
        "other_emails": emails[1:],
        "phone": next(iter(phones), None),
        "other_phones": phones[1:],
        "birth_date": _day(next(iter(_texts(found, "bday")), None)),
        "changed_at": next(iter(_texts(found, "rev")), None),
        "country": country,
    }
    if name is None or isinstance(name, str):
        values |= {"name": whole}
    else:
        parts = {"given_name": "given", "middle_name": "additional", "family_name": "family", "suffix": "suffix"}
        values |= {column: _one(getattr(name, part, "")) for column, part in parts.items()}
    if address is not None and not isinstance(address, str):
        lives = {"street": "street", "unit": "extended", "postal_code": "code", "city": "city", "state": "region"}
        values |= {column: _one(getattr(address, part, "")) for column, part in lives.items()}
        values["country"] = _one(getattr(address, "country", "")) or country
    return values


def _texts(found: Mapping[str, list[Any]], name: str) -> list[str]:
    return [one.strip() for one in found.get(name, ()) if isinstance(one, str) and one.strip()]


def _first(found: Mapping[str, list[Any]], name: str) -> Any:
    return next(iter(found.get(name, ())), None)


def _one(part: object) -> str:
    return " ".join(str(one) for one in part) if isinstance(part, list) else str(part)


def _day(text: str | None) -> str | None:
    """A day in ISO 8601 without hyphens becomes one with them; a year that is not told is no birth date."""
    if text is None or text.startswith("--"):
        return None
    found = _DAY.match(text)
    return "-".join(found.groups()) if found else text


def _made(*parts: str | None) -> str | None:
    # A card without UID keeps its key as long as name and first handle stay.
    said = [part for part in parts if part]
    return hashlib.blake2b("\n".join(said).encode(), digest_size=12).hexdigest() if said else None
