"""live.toml: each live source with the digest of its write key, what it may send, and from which pages.

A write key is 256 random bits, so its plain SHA-256 gives nothing away and needs no salt; the file holds no secret. It
is compared in constant time, and with every source, so that an answer does not tell how near a guess was.
"""

import hashlib
import hmac
import re
import secrets
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from ingest.homes import HOMES
from ingest.normalise import country
from schema.enums import IdentityKind
from schema.errors import SourceInvalid

CALLS = ("identify", "track", "page", "screen", "group", "alias")
"""What a source of Segment's kind may send."""
TABLES = (
    *("customers", "orders", "cases"),
    *("interactions", "calls", "chats", "messages", "events", "mentions", "consents"),
)
"""The canonical tables whose rows a back office may send."""
_ORIGIN = re.compile(r"https?://(?:[a-z0-9.-]+|\[[0-9a-f:]+\])(?::[1-9][0-9]{0,4})?")
_KEY_BYTES = 32


class _Said(BaseModel):
    """One [[source]] of the file."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    system: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)]
    about: Annotated[str, Field(max_length=200)]
    keys_sha256: Annotated[tuple[Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")], ...], Field(min_length=1)]
    sends: Annotated[tuple[str, ...], Field(min_length=1)]
    origins: tuple[Annotated[str, Field(pattern=f"^{_ORIGIN.pattern}$")], ...] = ()
    country: str | None = None
    customer_ids: Literal["CUSTOMER_NUMBER", "SHIPPING_ACCOUNT", "CRM_ID"] = "CUSTOMER_NUMBER"

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if unknown := sorted(set(self.sends) - {*CALLS, *TABLES}):
            raise ValueError(f"sends: there is no {unknown[0]}; there are {', '.join((*CALLS, *TABLES))}")
        if self.country is not None and country(self.country) is None:
            raise ValueError("country: must be a country, such as 'DE'")
        if "identify" in self.sends and self.country is None:
            raise ValueError("country: needed beside identify, for people who do not say where they live")
        if self.system in HOMES and {"identify", "customers"} & set(self.sends):
            raise ValueError(f"system: a source with customers cannot be called '{self.system}'; choose another word")
        return self


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    source: tuple[_Said, ...]


@dataclass(frozen=True, slots=True)
class LiveSource:
    """Who sends: the system that its records belong to, what it may send, and the origins of its pages.

    `country` is where people live who do not say so, `keys` as what the ids of its rows of `customers` identify them.
    """

    system: str
    about: str
    sends: frozenset[str]
    origins: frozenset[str]
    country: str | None
    keys: IdentityKind = IdentityKind.CUSTOMER_NUMBER


@dataclass(frozen=True, slots=True)
class LiveSources:
    """All live sources, by the SHA-256 of their write keys."""

    by_digest: Mapping[str, LiveSource]

    def of_key(self, key: str) -> LiveSource | None:
        """The source with this write key."""
        digest = digest_of(key)
        found = None
        for known, source in self.by_digest.items():
            if hmac.compare_digest(known, digest):
                found = source
        return found

    @property
    def origins(self) -> frozenset[str]:
        """Origins of pages of any source: a preflight does not say whose it is."""
        return frozenset(origin for source in self.by_digest.values() for origin in source.origins)


def new_key() -> str:
    """A write key that nobody can guess."""
    return secrets.token_urlsafe(_KEY_BYTES)


def digest_of(key: str) -> str:
    """What the file holds in place of a key."""
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()


def read_live_sources(file: Path) -> LiveSources:
    """The live sources that a file declares. Raises SourceInvalid with what to correct, never with a value."""
    try:
        said = _File.model_validate(tomllib.loads(file.read_text(encoding="utf-8"))).source
    except tomllib.TOMLDecodeError as fault:
        raise SourceInvalid(f"{file.name} is not TOML: {fault}.") from None
    except (OSError, UnicodeDecodeError):
        raise SourceInvalid(f"{file.name} cannot be read as text in UTF-8.") from None
    except ValidationError as fault:
        raise SourceInvalid(f"{file.name}: {'; '.join(_told(fault))}.") from None
    found: dict[str, LiveSource] = {}
    for number, one in enumerate(said, 1):
        source = LiveSource(
            one.system,
            one.about,
            frozenset(one.sends),
            frozenset(one.origins),
            country(one.country),
            IdentityKind[one.customer_ids],
        )
        for digest in one.keys_sha256:
            if digest in found:
                raise SourceInvalid(f"{file.name}: source {number} has a write key that stands there already.")
            found[digest] = source
    return LiveSources(MappingProxyType(found))


def _told(fault: ValidationError) -> list[str]:
    told = []
    for error in fault.errors(include_url=False, include_input=False, include_context=False):
        place = ".".join(str(part + 1) if isinstance(part, int) else part for part in error["loc"])
        told.append(f"{place}: {error['msg'].removeprefix('Value error, ')}")
    return told
