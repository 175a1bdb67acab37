"""The registry of the data: who answers for a field, on which legal basis it is held, and how long (GDPR art. 5, 30).

It stands beside the model: the model says what a field is, a policy who may see it, this registry why it is there.
`schema/governance.toml` comes with the product; a company's own file takes the place of what it names.
"""

import hashlib
import tomllib
from calendar import monthrange
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from schema.catalogue import complete_model
from schema.enums import QualityDimension, ServiceMetric
from schema.errors import GovernanceInvalid
from schema.measured import MEASURED
from schema.model import Category, Model, NodeType, Property, Scalar
from schema.purposes import LegalBasis

SHIPPED = Path(__file__).with_name("governance.toml")
RECORD = "record"
_TIMES = (Scalar.DATE, Scalar.DATETIME)
_CUSTOMER = "Customer"
Text = Annotated[str, Field(min_length=1, max_length=300)]


class Stewardship(BaseModel):
    """Who answers for data and why it is held; what is not said is said by what is more general."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    owner: Text | None = None
    steward: Text | None = None
    basis: LegalBasis | None = None
    why: Text | None = None


class Controller(BaseModel):
    """Who is responsible for the processing, and what else no product knows (GDPR art. 30(1)(a), (e), (g))."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Text | None = None
    contact: Text | None = None
    representative: Text | None = None
    officer: Text | None = None
    transfers: tuple[Text, ...] = ()
    measures: tuple[Text, ...] = ()


class _Field(Stewardship):
    """The same of one field, which may also be said to mean something else than the model says."""

    definition: Text | None = None


class _Retention(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    type: Text
    since: Text
    months: Annotated[int, Field(ge=1, le=1200)]
    forget: tuple[Text, ...]
    why: Text


class _Quality(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    attribute: Text
    dimension: Literal["completeness", "validity", "uniqueness", "timeliness", "consistency"]
    system: Text | None = None
    least: Annotated[float, Field(ge=0, le=1)]


class _Service(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    metric: Text
    team: Text | None = None
    channel: Literal["email", "call", "chat"] | None = None
    least: float | None = None
    most: float | None = None


class _Staying(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    type: Text
    since: Text | None = None
    months: Annotated[int, Field(ge=0, le=1200)]
    keep: tuple[Text, ...]
    why: Text


class _Said(BaseModel):
    """What a file says."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    controller: Controller = Controller()
    category: dict[Category, Stewardship] = {}
    type: dict[str, Stewardship] = {}
    field: dict[str, _Field] = {}
    retention: dict[str, _Retention] = {}
    quality: dict[str, _Quality] = {}
    service: dict[str, _Service] = {}
    erasure: dict[str, _Staying] = {}


@dataclass(frozen=True, slots=True)
class Retention:
    """One rule: what of a type is forgotten `months` after the time `since`. `fields` is empty for whole records."""

    name: str
    type: str
    since: str
    months: int
    fields: tuple[str, ...]
    why: str

    @property
    def whole(self) -> bool:
        """Whether the record goes, not only some of its values."""
        return not self.fields

    def in_words(self, *, named: bool = True) -> str:
        """`36 months after occurredAt`, with the record where that goes whole; the time unnamed for who has it not."""
        what = "with the record, " if self.whole else ""
        return f"{what}{self.months} months after {self.since}" if named else f"{what}after {self.months} months"

    def before(self, now: datetime) -> datetime:
        """Records of before this moment are due; `now` less the months of the calendar."""
        return months_after(now, -self.months)


def months_after(moment: datetime, months: int) -> datetime:
    """The same day so many months of the calendar later, or the last of a month that is shorter."""
    year, month = divmod(moment.year * 12 + moment.month - 1 + months, 12)
    return moment.replace(year=year, month=month + 1, day=min(moment.day, monthrange(year, month + 1)[1]))


@dataclass(frozen=True, slots=True)
class Staying:
    """What of a type stays when a person is erased: these fields alone, for so many `months` after the time `since`.

    Without `since` they count from the erasure.
    """

    name: str
    type: str
    since: str | None
    months: int
    fields: tuple[str, ...]
    why: str


@dataclass(frozen=True, slots=True)
class Threshold:
    """How good an attribute has to be at least, from 0 to 1; without a system it is asked of each."""

    name: str
    attribute: str
    dimension: QualityDimension
    system: str | None
    least: float


@dataclass(frozen=True, slots=True)
class ServiceThreshold:
    """What a figure of service has to be, in the unit of its metric: at least `least`, or at most `most`.

    `team` is `*` for all teams together; without one it is asked of these and of each. `channel` is `*` for all.
    """

    name: str
    metric: ServiceMetric
    team: str | None
    channel: str
    least: float | None
    most: float | None


@dataclass(frozen=True, slots=True)
class Entry:
    """What the registry says of one field. `kept` are the rules by which it is forgotten; none where it stays.

    `definition` is what the field says: in the registry's words, or else in the model's.
    """

    definition: str
    owner: str
    steward: str
    basis: LegalBasis
    why: str
    kept: tuple[Retention, ...]


@dataclass(frozen=True, slots=True)
class Governance:
    """The registry. `digest` is the hash of what was read; `controller` says who is responsible, where it is said."""

    entries: Mapping[str, Entry]
    retention: tuple[Retention, ...]
    quality: tuple[Threshold, ...]
    digest: str
    controller: Controller
    staying: tuple[Staying, ...] = ()
    service: tuple[ServiceThreshold, ...] = ()

    def of(self, kind: NodeType, held: Property) -> Entry:
        """What it says of a field."""
        return self.entries[f"{kind.name}.{held.name}"]


def read_governance(model: Model, own: Path | None = None) -> Governance:
    """The registry that comes with the product, under a company's own. Raises GovernanceInvalid with every mistake."""
    files = [SHIPPED, *([own] if own is not None else [])]
    texts = [_text(file) for file in files]
    said = _Said()
    for file, text in zip(files, texts, strict=True):
        said = _over(said, _said(file, text))
        if wrong := list(_faults(model, said)):
            raise GovernanceInvalid("; ".join(f"{file.name}: {one}" for one in wrong) + ".")
    rules = tuple(_rules(model, said))
    entries = {
        f"{kind.name}.{held.name}": _entry(said, rules, kind, held)
        for kind in model.values()
        for held in kind.properties.values()
    }
    asked = tuple(
        Threshold(name, one.attribute, QualityDimension[one.dimension.upper()], one.system, one.least)
        for name, one in said.quality.items()
        if one.least
    )
    digest = hashlib.sha256("\n".join(texts).encode()).hexdigest()
    staying, service = tuple(_stays(model, said, entries)), tuple(_service(said))
    return Governance(entries, rules, asked, digest, said.controller, staying, service)


@cache
def shipped_governance() -> Governance:
    """The registry that comes with the product, read once."""
    return read_governance(complete_model())


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise GovernanceInvalid(f"{file.name} cannot be read as text in UTF-8.") from None


def _said(file: Path, text: str) -> _Said:
    try:
        return _Said.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as fault:
        raise GovernanceInvalid(f"{file.name} is not TOML: {fault}.") from None
    except ValidationError as fault:
        told = (
            f"{'.'.join(map(str, one['loc']))}: {one['msg']}"
            for one in fault.errors(include_url=False, include_input=False)
        )
        raise GovernanceInvalid("; ".join(f"{file.name}: {one}" for one in told) + ".") from None


Key = TypeVar("Key", Category, str)
Said = TypeVar("Said", bound=Stewardship)


def _over(under: _Said, own: _Said) -> _Said:
    """What a file says, over what was said before it."""
    return _Said(
        controller=under.controller.model_copy(update=own.controller.model_dump(exclude_defaults=True)),
        category=_each_over(under.category, own.category),
        type=_each_over(under.type, own.type),
        field={
            **under.field,
            **{name: _merged(under.field.get(name, _Field()), one) for name, one in own.field.items()},
        },
        retention={**under.retention, **own.retention},
        quality={**under.quality, **own.quality},
        service={**under.service, **own.service},
        erasure={**under.erasure, **own.erasure},
    )


def _each_over(under: Mapping[Key, Stewardship], own: Mapping[Key, Stewardship]) -> dict[Key, Stewardship]:
    return {**under, **{name: _merged(under.get(name, Stewardship()), said) for name, said in own.items()}}


def _merged(under: Said, own: Stewardship) -> Said:
    return under.model_copy(update=own.model_dump(exclude_none=True, include=set(type(under).model_fields)))


def _faults(model: Model, said: _Said) -> Iterator[str]:
    """What names something that there is not, or leaves a field without someone who answers for it."""
    fields = {f"{kind.name}.{held.name}" for kind in model.values() for held in kind.properties.values()}
    for part, known, given in (("type", set(model), said.type), ("field", fields, said.field)):
        for name in given:
            if name not in known:
                yield f"[{part}.{name}] is no {part} of the model{_perhaps(name, known)}"
    for category in sorted({held.category for kind in model.values() for held in kind.properties.values()}):
        if None in said.category.get(category, Stewardship()).model_dump().values():
            yield f"[category.{category}] must name owner, steward, basis and why"
    for name, rule in said.retention.items():
        for told in _faults_of_rule(model, rule):
            yield f"[retention.{name}] {told}"
    for name, asked in said.quality.items():
        yield from (f"[quality.{name}] {fault}" for fault in _faults_of_quality(asked))
    for name, figure in said.service.items():
        yield from (f"[service.{name}] {fault}" for fault in _faults_of_service(figure))
    for name, staying in said.erasure.items():
        yield from (f"[erasure.{name}] {fault}" for fault in _faults_of_staying(model, staying))


def _faults_of_rule(model: Model, rule: _Retention) -> Iterator[str]:
    kind = model.get(rule.type)
    if kind is None:
        yield f"type: there is no {rule.type}{_perhaps(rule.type, model)}"
        return
    since, subject = kind.properties.get(rule.since), kind.subject
    if since is None or since.scalar not in _TIMES or since.many:
        yield f"since: {rule.type} has no time {rule.since}"
    if subject is None or subject.targets != ("Customer",) or subject.every:
        yield f"type: {rule.type} is not about one customer, so no hold could protect it"
    for one in rule.forget:
        if one == RECORD:
            if len(rule.forget) > 1:
                yield "forget: a record goes whole or in parts"
        elif not (named := _fields_of(kind, one)):
            yield f"forget: {rule.type} has no field or category {one}{_perhaps(one, kind.properties)}"
        elif required := [held.name for held in named if held.required]:
            yield f"forget: {', '.join(required)} is never empty; forget the record instead"


def _faults_of_quality(asked: _Quality) -> Iterator[str]:
    measured = MEASURED[QualityDimension[asked.dimension.upper()]]
    if asked.attribute not in measured:
        yield f"attribute: {asked.dimension} is measured of {', '.join(measured)}, not of {asked.attribute}"


def _faults_of_service(said: _Service) -> Iterator[str]:
    names = {metric.name.lower() for metric in ServiceMetric}
    if said.metric not in names:
        yield f"metric: there is no {said.metric}{_perhaps(said.metric, names)}"
    if said.least is not None and said.most is not None:
        yield "least and most: name one of them"


def _service(said: _Said) -> Iterator[ServiceThreshold]:
    """What is asked of service; a threshold with neither least nor most is switched off."""
    for name, one in said.service.items():
        if one.least is not None or one.most is not None:
            metric = ServiceMetric[one.metric.upper()]
            channel = one.channel.upper() if one.channel else "*"
            yield ServiceThreshold(name, metric, one.team, channel, one.least, one.most)


def _faults_of_staying(model: Model, said: _Staying) -> Iterator[str]:
    kind = model.get(said.type)
    if kind is None:
        yield f"type: there is no {said.type}{_perhaps(said.type, model)}"
        return
    since = kind.properties.get(said.since or "")
    if said.since is not None and (since is None or since.scalar not in _TIMES or since.many or not since.required):
        yield f"since: {said.type} has no time {said.since} that is never empty"
    if not _about_a_customer(model, kind):
        yield f"type: {said.type} is about no customer"
    for one in said.keep:
        if not _fields_of(kind, one):
            yield f"keep: {said.type} has no field or category {one}{_perhaps(one, kind.properties)}"


def _about_a_customer(model: Model, kind: NodeType) -> bool:
    seen: set[str] = set()
    while kind.subject is not None and kind.name not in seen:
        seen.add(kind.name)
        kind = model[kind.subject.targets[0]]
    return kind.name == _CUSTOMER and bool(seen)


def _stays(model: Model, said: _Said, entries: Mapping[str, Entry]) -> Iterator[Staying]:
    """What stays of the erased; a rule that keeps nothing is switched off. Raises GovernanceInvalid without a duty."""
    for name, rule in said.erasure.items():
        named = [held for one in rule.keep for held in _fields_of(model[rule.type], one)]
        for held in named:
            if entries[f"{rule.type}.{held.name}"].basis is not LegalBasis.LEGAL_OBLIGATION:
                raise GovernanceInvalid(
                    f"[erasure.{name}] keep: no legal obligation is the basis of {rule.type}.{held.name}, so it "
                    "cannot stay (GDPR art. 17(3))."
                )
        if named:
            fields = tuple(dict.fromkeys(held.name for held in named))
            yield Staying(name, rule.type, rule.since, rule.months, fields, rule.why)


def _fields_of(kind: NodeType, name: str) -> list[Property]:
    return [held for held in kind.properties.values() if name in (held.name, held.category)]


def _rules(model: Model, said: _Said) -> Iterator[Retention]:
    """The rules in force; one that forgets nothing is switched off."""
    for name, rule in said.retention.items():
        if rule.forget:
            named = [held.name for one in rule.forget if one != RECORD for held in _fields_of(model[rule.type], one)]
            yield Retention(name, rule.type, rule.since, rule.months, tuple(dict.fromkeys(named)), rule.why)


def _entry(said: _Said, rules: tuple[Retention, ...], kind: NodeType, held: Property) -> Entry:
    found = said.category[held.category]
    for more in (said.type.get(kind.name), said.field.get(f"{kind.name}.{held.name}")):
        if more is not None:
            found = _merged(found, more)
    assert found.basis is not None
    kept = tuple(rule for rule in rules if rule.type == kind.name and (rule.whole or held.name in rule.fields))
    own = said.field.get(f"{kind.name}.{held.name}")
    return Entry(
        (own.definition if own is not None else None) or held.about,
        str(found.owner),
        str(found.steward),
        found.basis,
        str(found.why),
        tuple(sorted(kept, key=lambda one: one.months)),
    )


def _perhaps(text: str, names: Collection[str]) -> str:
    near = get_close_matches(text, sorted(names), 1)
    return f"; perhaps {near[0]}?" if near else ""
