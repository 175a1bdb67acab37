"""contacts.toml: by which rules a company contacts its customers, read and checked.

`schema/contacts.toml` comes with the product; a company's own file takes the place of the sections that it names.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time, timedelta
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from schema.enums import ChannelKind
from schema.errors import ContactRulesInvalid
from schema.purposes import PURPOSES

SHIPPED = Path(__file__).with_name("contacts.toml")
ADVERTISING = frozenset(name for name, purpose in PURPOSES.items() if purpose.advertises)
EXPORTED: Mapping[str, str] = MappingProxyType({"marketing": "marketing", "service": "service.messages"})
"""Purposes as campaign tools export them; marketing is of the channel on which it was sent."""
MONTH = 30
"""In how many days messages are counted of which a customer agreed to so many a month."""
SENDING = frozenset(name for name, purpose in PURPOSES.items() if purpose.sends)
CapName = Literal["WEEK_CAP", "PHONE_CAP"]
Channel = Annotated[str, Field(pattern=f"^({'|'.join(ChannelKind.__members__)})$")]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Cap(_Strict):
    most: Annotated[int, Field(ge=1, le=1000)]
    days: Annotated[int, Field(ge=1, le=366)]
    channels: Annotated[tuple[Channel, ...], Field(min_length=1)] | None = None


class _Quiet(_Strict):
    since: time
    until: time
    channels: tuple[Channel, ...]


class _Audience(_Strict):
    never: tuple[str, ...]


class _Returns(_Strict):
    channels: tuple[Channel, ...]


class _Complaint(_Strict):
    days: Annotated[int, Field(ge=0, le=3660)]


class _Rates(_Strict):
    fewest: Annotated[int, Field(ge=5, le=1_000_000)]


class _File(_Strict):
    channels: Annotated[Mapping[Channel, Channel], Field(min_length=1)]
    returns: _Returns
    consent: Mapping[Channel, str]
    cap: Mapping[CapName, _Cap]
    quiet: _Quiet
    complaint: _Complaint
    audience: _Audience
    rates: _Rates

    @field_validator("consent")
    @classmethod
    def _purposes(cls, value: Mapping[str, str]) -> Mapping[str, str]:
        if unknown := sorted(set(value.values()) - ADVERTISING):
            raise ValueError(f"{unknown[0]} is not one of {', '.join(sorted(ADVERTISING))}")
        return value


@dataclass(frozen=True, slots=True)
class ContactCap:
    """At most so many marketing messages on these channels (None: on all) in any stretch of that length."""

    name: str
    most: int
    within: timedelta
    channels: frozenset[str] | None


@dataclass(frozen=True, slots=True)
class ContactRules:
    """A company's rules.

    `ways` has for each channel on which it sends the kind of customer's channel that a message arrives by. `returns`
    are channels where a message that did not arrive says that the address does not work. `consent` names the purpose
    that marketing on a channel needs. `fewest` customers make a segment of which rates are told; `never` are fields of
    customers by which no audience is chosen.
    """

    ways: Mapping[str, str]
    returns: frozenset[str]
    consent: Mapping[str, str]
    caps: tuple[ContactCap, ...]
    quiet_since: time
    quiet_until: time
    quiet_channels: frozenset[str]
    complaint: timedelta
    fewest: int
    never: frozenset[str]


@cache
def shipped_contact_rules() -> ContactRules:
    """Those that come with the product."""
    return _rules(_said(SHIPPED), SHIPPED)


def read_contact_rules(file: Path | None) -> ContactRules:
    """A company's own, over those that come with the product. Raises ContactRulesInvalid."""
    if file is None:
        return shipped_contact_rules()
    return _rules({**_said(SHIPPED), **_said(file)}, file)


def _said(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as fault:
        raise ContactRulesInvalid(f"{file.name} is not TOML: {fault}.") from None
    except (OSError, UnicodeDecodeError):
        raise ContactRulesInvalid(f"{file.name} cannot be read as text in UTF-8.") from None


def _rules(given: Mapping[str, Any], file: Path) -> ContactRules:
    try:
        said = _File.model_validate(given)
    except ValidationError as fault:
        told = "; ".join(
            f"[{'.'.join(map(str, error['loc']))}] {error['msg'].removeprefix('Value error, ')}"
            for error in fault.errors(include_url=False, include_input=False)
        )
        raise ContactRulesInvalid(f"{file.name}: {told}.") from None
    return ContactRules(
        ways=MappingProxyType(dict(said.channels)),
        returns=frozenset(said.returns.channels),
        consent=MappingProxyType(dict(said.consent)),
        caps=tuple(
            ContactCap(
                name, one.most, timedelta(days=one.days), None if one.channels is None else frozenset(one.channels)
            )
            for name, one in sorted(said.cap.items(), reverse=True)
        ),
        quiet_since=said.quiet.since,
        quiet_until=said.quiet.until,
        quiet_channels=frozenset(said.quiet.channels),
        complaint=timedelta(days=said.complaint.days),
        fewest=said.rates.fewest,
        never=frozenset(said.audience.never),
    )
