"""Policies: who may see what, one TOML file a role, read and checked before the server starts.

A file that names an unknown role, purpose, node type, category, field, mask or claim does not start; the message
says where and what would be right.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from schema.enums import CallerFact, IdentityKind
from schema.errors import PolicyInvalid
from schema.model import Category
from schema.purposes import PURPOSES

SHIPPED = Path(__file__).parent / "policy"
ClaimType = Literal["string", "integer", "boolean", "list[string]"]


class Strict(BaseModel):
    """Unknown keys are errors: a misspelt grant must not pass for none."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class When(Strict):
    """A grant that a rule decides for each row."""

    when: str
    then: str
    otherwise: str = "withhold"


Grant = str | When


class TypeGrants(BaseModel):
    """What a role sees of one node type. Keys beside the named ones are categories."""

    model_config = ConfigDict(extra="allow", frozen=True)

    rows: str = "none"
    unattributed: bool = False
    find_by: tuple[str, ...] = ()
    hide: tuple[str, ...] = ()
    reveal: tuple[str, ...] = ()
    fields: Mapping[str, Grant] = Field(default_factory=dict)

    __pydantic_extra__: dict[str, Grant]

    @property
    def categories(self) -> Mapping[str, Grant]:
        """The grants by category."""
        return self.__pydantic_extra__


class Aggregates(Strict):
    """Which groups are told: of at least `minimum` persons, whatever they are groups of.

    Fields that are told of groups alone are told of groups by the fields in `by` (a list for each node type), and only
    where nobody could tell the largest contribution to within `percent` of it.
    """

    minimum: Annotated[int, Field(ge=1)] = 5
    percent: Annotated[int, Field(ge=1, le=100)] = 10
    by: Mapping[str, tuple[str, ...]] = Field(default_factory=dict)


class Changes(Strict):
    """What a role may change, by the names of mutations. What is not named is not in the role's schema."""

    allow: tuple[str, ...] = ()


class Verify(Strict):
    """With which facts of a customer a caller's answer may be compared without showing them.

    After so many wrong answers within `minutes`, about one customer or of one viewer, nothing is compared any more.
    """

    facts: tuple[str, ...] = ()
    wrong_of_customer: Annotated[int, Field(ge=1, le=20)] = 3
    wrong_of_viewer: Annotated[int, Field(ge=1, le=100)] = 10
    minutes: Annotated[int, Field(ge=1, le=1440)] = 30


class Exports(Strict):
    """For which of its purposes a role may take whole types out as files; for none unless they are named."""

    purposes: tuple[str, ...] = ()


class Contacts(Strict):
    """For which purposes a role may ask whether customers may be contacted; for none unless they are named.

    One that is among the role's own is asked in a request of that purpose alone.
    """

    purposes: tuple[str, ...] = ()


class PolicyFile(Strict):
    """One file as written."""

    role: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    title: str
    about: str
    owner: str
    purposes: Annotated[tuple[str, ...], Field(min_length=1)]
    claims: Mapping[str, ClaimType] = Field(default_factory=dict)
    example_claims: Mapping[str, object] = Field(default_factory=dict)
    aggregate: Aggregates = Field(default_factory=Aggregates)
    explains: bool = False
    reveal_minutes: Annotated[int, Field(ge=1, le=240)] = 15
    change: Changes = Field(default_factory=Changes)
    verify: Verify = Field(default_factory=Verify)
    export: Exports = Field(default_factory=Exports)
    contact: Contacts = Field(default_factory=Contacts)
    see: Mapping[str, TypeGrants]


@dataclass(frozen=True, slots=True)
class Policy:
    """One role's policy, with the file that it came from for messages."""

    file: Path
    text: str
    said: PolicyFile

    @property
    def role(self) -> str:
        """The role's name, as tokens carry it."""
        return self.said.role

    def line_of(self, *words: str) -> int:
        """The line on which the last of the words stands that are there in this order, for messages; else 1."""
        return _line_of(self.text, list(words))


def load_policy(file: Path) -> Policy:
    """Read one file. Raises PolicyInvalid, naming file, line and what would be right."""
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise PolicyInvalid(f"{file.name}: cannot be read as UTF-8 text. Check that it exists.") from None
    try:
        policy = Policy(file, text, PolicyFile.model_validate(tomllib.loads(text)))
    except tomllib.TOMLDecodeError as fault:
        raise PolicyInvalid(f"{file.name}: {fault}.") from None
    except ValidationError as fault:
        raise _told(file, text, fault) from None
    _check(policy)
    return policy


def _told(file: Path, text: str, fault: ValidationError) -> PolicyInvalid:
    """The most telling of pydantic's faults, with the line where it stands and without its names for the branches."""
    first = max(fault.errors(), key=lambda one: (one["type"] == "extra_forbidden", len(one["loc"])))
    words = [str(part) for part in first["loc"] if part not in ("str", "When")]
    tables = [f"[{words[0]}.{words[1]}"] if words[0] == "see" and len(words) > 1 else []
    line = _line_of(text, [*tables, *words[2 if tables else 0 :]])
    what = "is not known here" if first["type"] == "extra_forbidden" else first["msg"].lower()
    return PolicyInvalid(f"{file.name}:{line}: {'.'.join(words)}: {what}.")


def _line_of(text: str, words: list[str]) -> int:
    wanted = list(words)
    last = 1
    for number, line in enumerate(text.splitlines(), 1):
        while wanted and wanted[0] in line:
            wanted.pop(0)
            last = number
    return last


def load_policies(folder: Path = SHIPPED) -> Mapping[str, Policy]:
    """Every role of a folder, by name. Raises PolicyInvalid for the first fault, and for a folder without policies."""
    found: dict[str, Policy] = {}
    for file in sorted(folder.glob("*.toml")):
        policy = load_policy(file)
        if policy.role in found:
            raise PolicyInvalid(f"{file.name}: role '{policy.role}' stands in {found[policy.role].file.name} already.")
        found[policy.role] = policy
    if not found:
        raise PolicyInvalid(f"There is no policy in {folder}: put one TOML file a role there.")
    return MappingProxyType(found)


def _check(policy: Policy) -> None:
    said = policy.said
    if unknown := [purpose for purpose in said.purposes if purpose not in PURPOSES]:
        raise PolicyInvalid(
            f"{policy.file.name}:{policy.line_of('purposes')}: purpose '{unknown[0]}' is not one of "
            f"{', '.join(PURPOSES)}."
        )
    if without := [purpose for purpose in said.export.purposes if purpose not in said.purposes]:
        where = f"{policy.file.name}:{policy.line_of('[export]', without[0])}"
        raise PolicyInvalid(f"{where}: '{without[0]}' is none of the role's purposes: {', '.join(said.purposes)}.")
    facts = {fact.name.lower() for fact in CallerFact}
    if strange := set(said.verify.facts) - facts:
        raise PolicyInvalid(
            f"{policy.file.name}:{policy.line_of('[verify]', min(strange))}: '{min(strange)}' is not what a caller may "
            f"be asked; that is one of {', '.join(sorted(facts))}."
        )
    if said.verify.facts and "Customer" not in said.see:
        raise PolicyInvalid(
            f"{policy.file.name}:{policy.line_of('[verify]')}: callers are customers whom the role sees: "
            "add [see.Customer]."
        )
    kinds = {kind.name.lower() for kind in IdentityKind}
    for name, grants in said.see.items():
        for category in grants.categories:
            if category not in {known.value for known in Category}:
                line = policy.line_of(f"[see.{name}]", category)
                raise PolicyInvalid(
                    f"{policy.file.name}:{line}: '{category}' is not a category; they are "
                    f"{', '.join(known.value for known in Category)}."
                )
        if strange := set(grants.find_by) - kinds:
            line = policy.line_of(f"[see.{name}]", "find_by")
            raise PolicyInvalid(
                f"{policy.file.name}:{line}: find_by names '{min(strange)}'; it takes {', '.join(sorted(kinds))}."
            )
