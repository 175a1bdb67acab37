"""What changes between two sets of policies: who gains what, who loses what, and which deployed documents break.

Pure: Rules in, changes out. What cannot be told to be a loss is a gain or to be reviewed: a rule that reads differently
may let more through.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from auth.policy import Policy, TypeGrants, When
from graph.view import TypeView, View
from resolvers.role_schema import RoleSchema
from schema.model import MODEL, NodeType, Property, camel
from server.assembly import Rules
from server.documents import examined

NOTHING = "–"
ALL, NONE = "all", "none"


class Kind(StrEnum):
    """What a change is for the role: more, less, or something that a person has to read."""

    GAIN = "gain"
    LOSS = "loss"
    REVIEW = "review"


@dataclass(frozen=True, slots=True)
class Change:
    """One change for one role. `path` is what it is of: `Customer.email`, or `Customer` or a word of the policy."""

    role: str
    kind: Kind
    path: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Broken:
    """A document that the role can ask under the old policies and cannot under the new ones, and the first reason."""

    role: str
    document: str
    line: int
    reason: str


def changes(old: Rules, new: Rules) -> Iterator[Change]:
    """Every change, role by role, in the order of the new policies; roles that are gone come last."""
    for role in (*new.policies, *(role for role in old.policies if role not in new.policies)):
        yield from _Roles(role, old, new).changes()


def broken(
    old: Rules, new: Rules, documents: Mapping[str, str], schema_of: Callable[[View], RoleSchema]
) -> Iterator[Broken]:
    """Documents, by their name, that break; `schema_of` makes the schema of a View."""
    for role in old.policies:
        before = schema_of(old.usual_view(role)).graphql
        after = schema_of(new.usual_view(role)).graphql if role in new.policies else None
        for name, text in documents.items():
            if examined(before, text).errors:
                continue
            if after is None:
                yield Broken(role, name, 1, "The role is gone.")
            elif errors := examined(after, text).errors:
                places = errors[0].locations or ()
                yield Broken(role, name, places[0].line if places else 1, errors[0].message)


def to_look_at(found: Sequence[Change], breaking: Sequence[Broken]) -> bool:
    """Whether a person has to look before this is deployed."""
    return bool(breaking) or any(one.kind is not Kind.LOSS for one in found)


class _Roles:
    """One role before and after; None where there is none."""

    def __init__(self, role: str, old: Rules, new: Rules) -> None:
        self.role = role
        self.old = old.policies.get(role)
        self.new = new.policies.get(role)
        self.before = old.usual_view(role) if self.old else None
        self.after = new.usual_view(role) if self.new else None

    def changes(self) -> Iterator[Change]:
        if self.old is None or self.new is None:
            titles = [policy.said.title if policy else None for policy in (self.old, self.new)]
            yield self.said("role", *titles)
        yield from self.sets("purpose", lambda policy: policy.said.purposes)
        yield from self.words()
        for kind in MODEL.values():
            yield from self.of_type(kind)

    def said(self, path: str, before: str | None, after: str | None) -> Change:
        """Something that is there or not."""
        kind = Kind.REVIEW if before and after else Kind.GAIN if after else Kind.LOSS
        return Change(self.role, kind, path, before or NOTHING, after or NOTHING)

    def sets(self, path: str, of: Callable[[Policy], Sequence[str]]) -> Iterator[Change]:
        before, after = (set(of(policy)) if policy else set() for policy in (self.old, self.new))
        yield from (self.said(path, None, one) for one in sorted(after - before))
        yield from (self.said(path, one, None) for one in sorted(before - after))

    def words(self) -> Iterator[Change]:
        """What is said of the role as a whole; a new role says all of it anew."""
        if self.old is None or self.new is None:
            return
        old, new = self.old.said, self.new.said
        yield from self.number("aggregate.minimum", old.aggregate.minimum, new.aggregate.minimum, more_is_less=True)
        yield from self.number("aggregate.percent", old.aggregate.percent, new.aggregate.percent, more_is_less=True)
        if old.explains is not new.explains:
            yield self.said("explains", "yes" if old.explains else None, "yes" if new.explains else None)
        yield from self.number("reveal_minutes", old.reveal_minutes, new.reveal_minutes)
        yield from self.sets("export", lambda policy: policy.said.export.purposes)
        yield from self.sets("verify.facts", lambda policy: policy.said.verify.facts)
        for name in ("wrong_of_customer", "wrong_of_viewer"):
            yield from self.number(f"verify.{name}", getattr(old.verify, name), getattr(new.verify, name))
        yield from self.number("verify.minutes", old.verify.minutes, new.verify.minutes, more_is_less=True)
        yield from self.sets(
            "aggregate.by",
            lambda policy: [
                f"{type_}.{camel(name)}" for type_, names in policy.said.aggregate.by.items() for name in names
            ],
        )
        for name in sorted({*old.claims, *new.claims}):
            if old.claims.get(name) != new.claims.get(name):
                before, after = old.claims.get(name, NOTHING), new.claims.get(name, NOTHING)
                yield Change(self.role, Kind.REVIEW, f"claims.{name}", before, after)

    def number(self, path: str, before: int, after: int, *, more_is_less: bool = False) -> Iterator[Change]:
        if before != after:
            kind = Kind.GAIN if (after > before) is not more_is_less else Kind.LOSS
            yield Change(self.role, kind, path, str(before), str(after))

    def of_type(self, kind: NodeType) -> Iterator[Change]:
        before = self.before.types.get(kind.name) if self.before else None
        after = self.after.types.get(kind.name) if self.after else None
        if before is None and after is None:
            return
        was, will = _grants(self.old, kind.name), _grants(self.new, kind.name)
        if was.rows != will.rows or (before is None) is not (after is None):
            told = [grants.rows if seen is not None else None for grants, seen in ((was, before), (will, after))]
            yield Change(self.role, _rows(*told), kind.name, *(f"rows: {one}" if one else NOTHING for one in told))
        if was.unattributed is not will.unattributed:
            yield self.said(
                f"{kind.name}.unattributed", "yes" if was.unattributed else None, "yes" if will.unattributed else None
            )
        for held in kind.properties.values():
            yield from self.of_field(kind, held, before, after)
        for name in kind.edges:
            yield from self.present(
                f"{kind.name}.{name}",
                _leads_to(before, name),
                _leads_to(after, name),
            )
        yield from self.listed(kind, "find_by", was.find_by, will.find_by)
        yield from self.listed(kind, "reveal", was.reveal, will.reveal)

    def listed(self, kind: NodeType, word: str, before: Sequence[str], after: Sequence[str]) -> Iterator[Change]:
        for name in sorted({*before, *after}):
            yield from self.present(
                f"{kind.name}.{word}", frozenset({name} & set(before)), frozenset({name} & set(after))
            )

    def present(self, path: str, before: frozenset[str], after: frozenset[str]) -> Iterator[Change]:
        """Something that has more parts or fewer."""
        if before != after:
            kind = Kind.LOSS if after < before else Kind.GAIN if before < after else Kind.REVIEW
            yield Change(
                self.role, kind, path, ", ".join(sorted(before)) or NOTHING, ", ".join(sorted(after)) or NOTHING
            )

    def of_field(
        self, kind: NodeType, held: Property, before: TypeView | None, after: TypeView | None
    ) -> Iterator[Change]:
        path = f"{kind.name}.{held.name}"
        was, will = _grant(self.old, before, held), _grant(self.new, after, held)
        if was != will:
            yield Change(self.role, _of_grants(was, will), path, was, will)
        asked, asks = _asks(before, held), _asks(after, held)
        if asked is not asks:
            yield self.said(f"{path} as filter and order", "yes" if asked else None, "yes" if asks else None)


def _grants(policy: Policy | None, name: str) -> TypeGrants:
    return (policy.said.see.get(name) if policy else None) or TypeGrants()


def _rows(before: str | None, after: str | None) -> Kind:
    if before in (None, NONE) or after == ALL:
        return Kind.GAIN
    return Kind.LOSS if after in (None, NONE) or before == ALL else Kind.REVIEW


def _leads_to(seen: TypeView | None, edge: str) -> frozenset[str]:
    return frozenset(seen.edges[edge].targets) if seen is not None and edge in seen.edges else frozenset()


def _asks(seen: TypeView | None, held: Property) -> bool:
    return seen is not None and held.name in seen.fields and seen.fields[held.name].is_filter()


def _grant(policy: Policy | None, seen: TypeView | None, held: Property) -> str:
    """The grant of a field, in words."""
    if policy is None or seen is None or held.name not in seen.fields:
        return NOTHING
    grants = policy.said.see[seen.name]
    by_name = {camel(name): grant for name, grant in grants.fields.items()}
    grant = by_name.get(held.name, grants.categories.get(held.category.value))
    if isinstance(grant, When):
        return f"{grant.then} where {grant.when}, otherwise {grant.otherwise}"
    return str(grant)


ORDER = (NOTHING, "withhold")


def _of_grants(before: str, after: str) -> Kind:
    """More where nothing was or everything will be, less the other way round; what lies between must be read."""
    if after == "show" or (before in ORDER and (after not in ORDER or before == NOTHING)):
        return Kind.GAIN
    if before == "show" or (after in ORDER and (before not in ORDER or after == NOTHING)):
        return Kind.LOSS
    return Kind.REVIEW
