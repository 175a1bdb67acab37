"""survivorship.toml: which rules decide on which attribute of a golden record, read and checked.

A company's own file names some attributes or all; the rest have the rules that come with the product. A mistake is told
with file, line, attribute and key, and what would be right.
"""

import re
import tomllib
from collections.abc import Collection, Iterator, Mapping
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from ingest.survivorship import ATTRIBUTES, AttributeRules, Rule, Survivorship
from schema.errors import SurvivorshipInvalid

FILE = "survivorship.toml"
_SHIPPED = Path(__file__).with_name(FILE)
_ALWAYS = frozenset({"accounts"})  # under which the entries of organisations stand, whatever delivers them


def _rule(text: str) -> str:
    if text not in set(Rule):
        raise ValueError(f"there is no such rule.{_perhaps(text, [*Rule])} The rules: {', '.join(Rule)}")
    return text


def _once(names: tuple[str, ...]) -> tuple[str, ...]:
    if len(set(names)) < len(names):
        raise ValueError("names something twice")
    return names


class _Said(BaseModel):
    """What the file says of one attribute."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    rules: Annotated[tuple[Annotated[str, AfterValidator(_rule)], ...], Field(min_length=1), AfterValidator(_once)]
    systems: Annotated[tuple[str, ...], AfterValidator(_once)] = ()


@cache
def shipped() -> Survivorship:
    """The rules that come with the product."""
    return Survivorship(_attributes(_SHIPPED, None))


def read_survivorship(file: Path, systems: Collection[str]) -> Survivorship:
    """A company's own rules, over those that come with the product. `systems` are those of its sources.

    Raises SurvivorshipInvalid.
    """
    own = _attributes(file, frozenset(systems) | _ALWAYS)
    return Survivorship({**shipped().attributes, **own}, frozenset(own))


def _attributes(file: Path, systems: frozenset[str] | None) -> Mapping[str, AttributeRules]:
    try:
        text = file.read_text(encoding="utf-8")
        given = tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        raise SurvivorshipInvalid(f"{file.name} is not TOML: {fault}.") from None
    except (OSError, UnicodeDecodeError):
        raise SurvivorshipInvalid(f"{file.name} cannot be read as text in UTF-8.") from None
    wrong: list[str] = []
    found = {}
    for attribute, value in given.items():
        try:
            found[attribute] = _checked(attribute, value, systems)
        except _Mistakes as mistakes:
            wrong += [
                f"{file.name}:{_line(text, attribute, key)} {'.'.join((attribute, *key))}: {told}"
                for key, told in mistakes.told
            ]
    if wrong:
        raise SurvivorshipInvalid("; ".join(wrong) + ".")
    return found


class _Mistakes(Exception):
    """What is wrong with one attribute, each by the path of its key below the attribute."""

    def __init__(self, *told: tuple[tuple[str, ...], str]) -> None:
        self.told = told


def _checked(attribute: str, value: Any, systems: frozenset[str] | None) -> AttributeRules:
    if attribute not in ATTRIBUTES:
        raise _Mistakes(
            ((), f"is no attribute.{_perhaps(attribute, ATTRIBUTES)} The attributes: {', '.join(ATTRIBUTES)}")
        )
    try:
        said = _Said.model_validate(value)
    except ValidationError as fault:
        raise _Mistakes(*_told(fault)) from None
    rules = tuple(Rule(one) for one in said.rules)
    if said.systems and Rule.SYSTEM_OF_RECORD not in rules:
        raise _Mistakes((("systems",), f"would never be asked: name {Rule.SYSTEM_OF_RECORD} among the rules"))
    if systems is not None and (unknown := [one for one in said.systems if one not in systems]):
        known = ", ".join(sorted(systems))
        raise _Mistakes(
            *(
                (("systems",), f"no source is of the system {one}.{_perhaps(one, systems)} The systems: {known}")
                for one in unknown
            )
        )
    return AttributeRules(rules, said.systems)


def _told(fault: ValidationError) -> Iterator[tuple[tuple[str, ...], str]]:
    for error in fault.errors(include_url=False, include_input=False):
        place = tuple(str(part + 1) if isinstance(part, int) else part for part in error["loc"])
        yield place, error["msg"].removeprefix("Value error, ")


def _perhaps(text: str, names: Collection[str]) -> str:
    near = get_close_matches(text, sorted(names), 1)
    return f" Perhaps {near[0]}?" if near else ""


def _line(text: str, attribute: str, key: tuple[str, ...]) -> int:
    """The line of a key, or of its attribute where the key is not written out; 1 where neither is."""
    lines, name = text.splitlines(), re.escape(attribute)
    head = re.compile(rf"""\s*(\[\s*["']?{name}["']?\s*\]|["']?{name}["']?\s*[.=])""")
    start = next((number for number, line in enumerate(lines) if head.match(line)), 0)
    if key:
        wanted = re.compile(rf"""\s*(["']?{name}["']?\s*\.\s*)?["']?{re.escape(key[0])}["']?\s*=""")
        for number, line in enumerate(lines[start:], start):
            if number > start and line.lstrip().startswith("["):
                break
            if wanted.match(line):
                return number + 1
    return start + 1
