"""source.toml and the SQL beside it: what a source is, which exports it reads, which tables it fills."""

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from difflib import get_close_matches
from pathlib import Path, PurePosixPath
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from auth.fetch import checked_uri
from ingest.homes import HOMES
from ingest.survivorship import ATTRIBUTES
from ingest.tables import TABLES, System, Table
from ingest.write_back.changed import Changed
from schema.enums import IdentityKind
from schema.errors import SettingInvalid, SourceInvalid

FILE = "source.toml"
_SPAN = re.compile(r"(\d+) (hour|day|week)s?")
_AS = ("CUSTOMER_NUMBER", "SHIPPING_ACCOUNT", "CRM_ID")


def _below(path: str) -> str:
    parts = PurePosixPath(path)
    if not path or parts.is_absolute() or ".." in parts.parts:
        raise ValueError("must be a path below the folder of exports")
    return path


def _span(text: str) -> str:
    if not _SPAN.fullmatch(text):
        raise ValueError("must be such as '1 day', '12 hours' or '2 weeks'")
    return text


def _known_as(text: str) -> str:
    if text not in _AS:
        raise ValueError(f"must be one of {', '.join(_AS)}")
    return text


def _attribute(text: str) -> str:
    if text not in ATTRIBUTES:
        raise ValueError(f"must name attributes of a golden record: {', '.join(ATTRIBUTES)}")
    return text


def _address(text: str) -> str:
    try:
        checked_uri(text)
    except SettingInvalid:
        raise ValueError("must be an https address, or http on this machine") from None
    return text


def _change(text: str) -> str:
    if text not in set(Changed):
        raise ValueError(f"must name changes: {', '.join(Changed)}")
    return text


def _variable(text: str) -> str:
    if text.startswith("CUSTOMER_GRAPH_"):
        raise ValueError("must name a variable of your own, not a setting")
    return text


def _encoding(text: str) -> str:
    try:
        "".encode(text)
    except LookupError:
        raise ValueError("must be an encoding such as cp1252, utf-16 or latin-1") from None
    return text


Below = Annotated[str, AfterValidator(_below)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Export(_Strict):
    """One export, or several by a pattern. Text in another encoding becomes UTF-8 for the SQL."""

    file: Below
    encoding: Annotated[str, AfterValidator(_encoding)] = "utf-8"


class Messages(_Strict):
    """A mailbox (.mbox), a mail (.eml), or a folder of mails: read without SQL."""

    path: Below


class Cards(_Strict):
    """A file of vCards, read without SQL as rows of `customers`. `country` is that of a card without one."""

    path: Below
    country: str | None = None


class WriteBack(_Strict):
    """Where the system takes changes that were made here, which, and the variable that holds the secret for it."""

    url: Annotated[str, AfterValidator(_address)]
    changes: Annotated[tuple[Annotated[str, AfterValidator(_change)], ...], Field(min_length=1)]
    secret: Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]*$"), AfterValidator(_variable)]


class Said(_Strict):
    """What source.toml says."""

    system: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    about: str
    owner: str
    record_for: tuple[Annotated[str, AfterValidator(_attribute)], ...] = ()
    fresh_within: Annotated[str, AfterValidator(_span)] | None = None
    keys: Annotated[str, AfterValidator(_known_as)] = "CUSTOMER_NUMBER"
    exports: tuple[Export, ...] = ()
    messages: tuple[Messages, ...] = ()
    cards: tuple[Cards, ...] = ()
    write_back: WriteBack | None = None


@dataclass(frozen=True, slots=True)
class Mapping:
    """One SQL file and the table it fills."""

    path: Path
    table: Table

    @property
    def name(self) -> str:
        """Folder and file, as messages name it."""
        return f"{self.path.parent.name}/{self.path.name}"


@dataclass(frozen=True, slots=True)
class Source:
    """One source: where it stands, what it says, which tables its SQL fills."""

    folder: Path
    said: Said
    mappings: tuple[Mapping, ...]

    @property
    def system(self) -> System:
        """What the records of its rows need to know of it."""
        return System(self.said.system, IdentityKind[self.said.keys])

    @property
    def fresh_within(self) -> timedelta | None:
        """How old its exports may be."""
        if not self.said.fresh_within or not (found := _SPAN.fullmatch(self.said.fresh_within)):
            return None
        return timedelta(**{f"{found[2]}s": int(found[1])})

    @property
    def paths(self) -> tuple[str, ...]:
        """The exports it reads, as named: files, patterns, folders."""
        return tuple(
            [one.file for one in self.said.exports]
            + [one.path for one in self.said.messages]
            + [one.path for one in self.said.cards]
        )


def sources_in(folder: Path) -> Iterator[Path]:
    """The source folders at a path: itself, or its subfolders that have a source.toml."""
    if (folder / FILE).is_file():
        yield folder
    elif folder.is_dir():
        yield from sorted(one.parent for one in folder.glob(f"*/{FILE}"))


def read_sources(folders: Sequence[Path]) -> tuple[Source, ...]:
    """All sources of some folders, in their order. Raises SourceInvalid."""
    sources = tuple(read_source(found) for folder in folders for found in sources_in(folder))
    seen: dict[str, Path] = {}
    for one in sources:
        if (other := seen.setdefault(one.said.system, one.folder)) != one.folder:
            raise SourceInvalid(
                f"{other.name} and {one.folder.name} both say system = '{one.said.system}': each source needs its own."
            )
    return sources


def read_source(folder: Path) -> Source:
    """One source. Raises SourceInvalid with the file and what to correct in it."""
    file = f"{folder.name}/{FILE}"
    try:
        said = Said.model_validate(tomllib.loads((folder / FILE).read_text(encoding="utf-8")))
    except tomllib.TOMLDecodeError as fault:
        raise SourceInvalid(f"{file} is not TOML: {fault}.") from None
    except (OSError, UnicodeDecodeError):
        raise SourceInvalid(f"{file} cannot be read as text in UTF-8.") from None
    except ValidationError as fault:
        raise SourceInvalid(f"{file}: {'; '.join(_told(fault))}.") from None
    mappings = tuple(Mapping(path, _table(path)) for path in sorted(folder.glob("*.sql")))
    if not mappings and not said.messages and not said.cards:
        raise SourceInvalid(
            f"{folder.name} has neither a .sql file nor [[messages]] or [[cards]]: nothing would be read."
        )
    if said.system in HOMES and (said.cards or any(one.table.name == "customers" for one in mappings)):
        raise SourceInvalid(f"{file}: a source with customers cannot be called '{said.system}'; choose another word.")
    return Source(folder, said, mappings)


def _told(fault: ValidationError) -> Iterator[str]:
    for error in fault.errors(include_url=False, include_input=False):
        place = ".".join(str(part + 1) if isinstance(part, int) else part for part in error["loc"])
        yield f"{place}: {error['msg'].removeprefix('Value error, ')}"


def _table(path: Path) -> Table:
    if found := TABLES.get(path.stem):
        return found
    near = get_close_matches(path.stem, TABLES, 1)
    hint = f"Perhaps {near[0]}.sql?" if near else "See docs/canonical-tables.md."
    raise SourceInvalid(f"{path.parent.name}/{path.name} is named for no canonical table. {hint}")
