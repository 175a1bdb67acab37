"""The stages of a customer's journey, and what belongs to which: data that a company can replace.

`schema/journey.toml` comes with the product. A load writes the stage of an interaction by these rules; whoever reads a
journey asks them for what has no stage of its own: orders, shipments, cases, and interactions that were noted here.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from schema.enums import ChannelKind, InteractionKind
from schema.errors import JourneyInvalid

SHIPPED = Path(__file__).with_name("journey.toml")
Of = Literal["interaction", "order", "shipment", "case"]
Name = Annotated[str, Field(min_length=1, max_length=80)]
Days = Annotated[float, Field(gt=0, le=3650)]
RESERVED = frozenset({"START", "END", "*"})
"""What figures name the beginning, the end, and all stages together."""


class _Stage(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    title: Name
    drop_off: bool = False
    gap_days: Days | None = None


class _Rule(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    of: Of
    stage: Name
    kinds: tuple[InteractionKind, ...] = ()
    names: tuple[Name, ...] = ()
    states: tuple[Name, ...] = ()


class _Said(BaseModel):
    """What a file says."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    gap_days: Days
    stage: Annotated[dict[Name, _Stage], Field(min_length=1, max_length=50)]
    rule: Annotated[tuple[_Rule, ...], Field(min_length=1, max_length=1000)]


@dataclass(frozen=True, slots=True)
class StageSaid:
    """One stage: its name, what it is in words, whether ending in it is dropping off, and how long a pause ends it."""

    name: str
    title: str
    drop_off: bool
    gap: timedelta


@dataclass(frozen=True, slots=True)
class StageRule:
    """What belongs to a stage. Empty `kinds`, `names` and `states` ask for nothing; names stand in lower case."""

    of: Of
    stage: str
    kinds: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    states: frozenset[str] = frozenset()

    def fits(self, of: Of, kind: str | None, name: str | None, state: str | None) -> bool:
        """Whether this happened so."""
        return (
            self.of == of
            and (not self.kinds or kind in self.kinds)
            and (not self.names or (name or "").casefold() in self.names)
            and (not self.states or (state or "").casefold() in self.states)
        )


@dataclass(frozen=True, slots=True)
class Stages:
    """The stages in the order of a journey, and the rules in the order in which they are asked."""

    stages: tuple[StageSaid, ...]
    rules: tuple[StageRule, ...]
    gap: timedelta
    text: str = field(repr=False, default="")

    def of(self, of: Of, *, kind: str | None = None, name: str | None = None, state: str | None = None) -> str | None:
        """The stage of what happened; None where no rule fits."""
        return next((rule.stage for rule in self.rules if rule.fits(of, kind, name, state)), None)

    def known(self, stage: str | None) -> str | None:
        """The stage, if it is one of these: what an earlier file named may be none any more."""
        return stage if any(one.name == stage for one in self.stages) else None


def read_journey(own: Path | None = None) -> Stages:
    """The stages of a company's own file, or those that come with the product. Raises JourneyInvalid."""
    file = own or SHIPPED
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise JourneyInvalid(f"{file.name} cannot be read as text in UTF-8.") from None
    return journey_of(text, file.name)


@cache
def shipped_journey() -> Stages:
    """The stages that come with the product, read once."""
    return read_journey()


def journey_of(text: str, named: str) -> Stages:
    """The stages that a text says; `named` is its file, for what is wrong. Raises JourneyInvalid with every mistake."""
    try:
        said = _Said.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as fault:
        raise JourneyInvalid(f"{named} is not TOML: {fault}.") from None
    except ValidationError as fault:
        told = (
            f"{'.'.join(map(str, one['loc']))}: {one['msg']}"
            for one in fault.errors(include_url=False, include_input=False)
        )
        raise JourneyInvalid("; ".join(f"{named}: {one}" for one in told) + ".") from None
    if wrong := list(_faults(said)):
        raise JourneyInvalid("; ".join(f"{named}: {one}" for one in wrong) + ".")
    return Stages(
        tuple(
            StageSaid(name, one.title, one.drop_off, timedelta(days=one.gap_days or said.gap_days))
            for name, one in said.stage.items()
        ),
        tuple(
            StageRule(
                one.of,
                one.stage,
                frozenset(kind.name for kind in one.kinds),
                frozenset(name.casefold() for name in one.names),
                frozenset(state.casefold() for state in one.states),
            )
            for one in said.rule
        ),
        timedelta(days=said.gap_days),
        text,
    )


def _faults(said: _Said) -> Iterator[str]:
    """What names a stage that there is not, can never fit, or says of a thing what it has not."""
    for name in said.stage:
        if name in RESERVED:
            yield f"[stage.{name}] has a name that figures use for something else"
    for place, rule in enumerate(said.rule, start=1):
        if rule.stage not in said.stage:
            yield f"rule {place}: there is no stage {rule.stage}{_perhaps(rule.stage, said.stage)}"
        if rule.of != "interaction" and (rule.kinds or rule.names):
            yield f"rule {place}: kinds and names are those of interactions, not of {rule.of}s"
        if rule.of == "interaction" and rule.states:
            yield f"rule {place}: an interaction has no states; name kinds or names"
        if any(_swallows(before, rule) for before in said.rule[: place - 1]):
            yield f"rule {place} never counts: a rule before it fits whatever this fits"


def _swallows(before: _Rule, rule: _Rule) -> bool:
    def wide(all_of: tuple[object, ...], some: tuple[object, ...]) -> bool:
        return not all_of or (bool(some) and {_word(one) for one in some} <= {_word(one) for one in all_of})

    return before.of == rule.of and all(
        wide(getattr(before, part), getattr(rule, part)) for part in ("kinds", "names", "states")
    )


def _word(one: object) -> object:
    return one.casefold() if isinstance(one, str) else one


def _perhaps(name: str, known: Mapping[str, object]) -> str:
    near = get_close_matches(name, known, 1)
    return f"; did you mean {near[0]}" if near else ""


USUAL_CHANNELS: Mapping[str, str] = MappingProxyType(
    {
        InteractionKind.EMAIL.name: ChannelKind.EMAIL.name,
        InteractionKind.CALL.name: ChannelKind.PHONE.name,
        InteractionKind.CHAT.name: ChannelKind.CHAT.name,
        InteractionKind.PAGE_VIEW.name: ChannelKind.WEB.name,
        InteractionKind.SCREEN_VIEW.name: ChannelKind.APP.name,
        InteractionKind.SOCIAL_MENTION.name: ChannelKind.SOCIAL.name,
    }
)
"""By which channel an interaction of a kind came where its own is not known, or not seen."""


def channel_of(kind: str | None, own: str | None) -> str | None:
    """The channel of an interaction: its own where that is known, else that of its kind."""
    return own or USUAL_CHANNELS.get(kind or "")


def channel_named(word: str | None) -> str | None:
    """The channel that a word of an order names, if it names one."""
    name = (word or "").upper()
    return name if name in ChannelKind.__members__ else None
