"""Why: what a role sees of a type or a field, in plain words, each with the line of the policy that says so.

Pure: policies and Views in, sentences out. The words follow the View that answers are made from, so they cannot say
anything else than what is done.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from auth.narrow import OF_GROUPS
from auth.policy import Policy, When
from auth.said import grant_of, place_of
from graph.expr import FALSE
from graph.masks import MASKS
from graph.view import TypeView, View
from schema.caller_facts import FIELDS
from schema.enums import CallerFact
from schema.errors import ClaimInvalid
from schema.model import Model, NodeType, Property, camel
from schema.purposes import PURPOSES


class Access(StrEnum):
    """What a role has of a field, in one word."""

    SHOW = "show"
    MASK = "mask"
    WHEN = "when"
    GROUPS = "groups"
    WITHHOLD = "withhold"
    VERIFY = "verify"
    NOTHING = "–"


CALLERS = "verifyCaller"
"""Under which the matrix tells by what callers may be verified."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the matrix: a field and what each role has of it, in the order of the roles."""

    type: str
    field: str
    access: tuple[Access, ...]


def snake(name: str) -> str:
    """`birthDate` -> `birth_date`, as policies write it."""
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)


def matrix(model: Model, policies: Mapping[str, Policy], views: Sequence[View]) -> tuple[Row, ...]:
    """What each role has of each field; `views` are one for each role, in the order of the columns."""
    fields = tuple(
        Row(kind.name, held.name, tuple(access(policies[view.role], view.types.get(kind.name), held) for view in views))
        for kind in model.values()
        for held in kind.properties.values()
    )
    callers = tuple(
        Row(
            CALLERS,
            camel(fact.name.lower()),
            tuple(Access.VERIFY if fact in view.verifying.facts else Access.NOTHING for view in views),
        )
        for fact in CallerFact
    )
    return (*fields, *callers)


def access(policy: Policy, seen: TypeView | None, held: Property) -> Access:
    """What a role has of one field."""
    if seen is None or held.name not in seen.fields:
        return Access.NOTHING
    if seen.fields[held.name].plain:
        return Access.SHOW
    grant, _ = grant_of(policy, seen.name, held)
    if isinstance(grant, When):
        return Access.WHEN
    if held.name in seen.guarded:
        return Access.GROUPS
    return Access.MASK if str(grant).startswith("mask:") else Access.WITHHOLD


def parts_of(model: Model, asked: str) -> tuple[NodeType, str | None]:
    """`Customer.birth_date` as type and field name. Raises ClaimInvalid, naming what there is."""
    name, _, field = asked.partition(".")
    kind = model.get(name) or next((one for one in model.values() if one.name.lower() == name.lower()), None)
    if kind is None:
        raise ClaimInvalid(f"There is no type '{name}'; there are {', '.join(model)}.")
    known = {**kind.properties, **kind.edges}
    if field and camel(field) not in known:
        raise ClaimInvalid(f"{kind.name} has no field '{field}'; it has {', '.join(map(snake, known))}.")
    return kind, camel(field) if field else None


def explain(model: Model, policy: Policy, views: Sequence[View], asked: str) -> Iterator[str]:
    """What the role sees of a type or a field, and why; `views` are the role's, one for each purpose."""
    kind, field = parts_of(model, asked)
    said = policy.said
    yield f"{said.title} ({policy.role}): {said.about}"
    if kind.name not in said.see:
        yield f"  {kind.name} is not in this role's schema: {policy.file.name} has no [see.{kind.name}]."
        return
    for view in views:
        yield ""
        yield f"For {view.purpose} ({PURPOSES[view.purpose].about.rstrip('.').lower()}):"
        seen = view.types[kind.name]
        yield from (f"  {line}" for line in _rows(policy, kind, seen, view.purpose))
        if field is None:
            yield from (f"  {line}" for name in kind.properties for line in _field(policy, kind.properties[name], seen))
            yield from (f"  {line}" for name in kind.edges for line in _edge(policy, kind, name, seen))
        elif field in kind.properties:
            yield from (f"  {line}" for line in _field(policy, kind.properties[field], seen))
        else:
            yield from (f"  {line}" for line in _edge(policy, kind, field, seen))
        yield from (f"  {line}" for line in _verified(policy, kind.name, field, view))


def _verified(policy: Policy, type_: str, field: str | None, view: View) -> Iterator[str]:
    for fact in CallerFact:
        owner, name = FIELDS[fact]
        if fact in view.verifying.facts and owner == type_ and field in (None, name):
            said, word = view.verifying, fact.name.lower()
            yield (
                f"{owner}.{name}: a caller's answer may be compared with it as {word}, which tells yes or no: at most "
                f"{said.of_customer} wrong answers about a customer in {said.minutes} minutes, and {said.of_viewer} of "
                f"a viewer  ({place_of(policy, '[verify]', 'facts')})"
            )


def _rows(policy: Policy, kind: NodeType, seen: TypeView, purpose: str) -> Iterator[str]:
    rule = policy.said.see[kind.name].rows
    where = place_of(policy, f"[see.{kind.name}]", "rows")
    match rule:
        case "all":
            yield f'Which: all of them, because rows = "all"  ({where})'
        case "none":
            yield f'Which: none, because rows = "none" or not said  ({where})'
        case _:
            yield f"Which: those for which {rule}  ({where})"
    if kind.name == "Customer":
        held = PURPOSES[purpose]
        read = ["active", *(["deceased"] if not held.sends else []), *(["restricted"] if held.reads_restricted else [])]
        yield f"Always: of them only who is {' or '.join(read)}; the erased are gone for everyone"
    elif kind.subject is not None:
        alone = ", or that belong to nobody yet" if seen.unattributed != FALSE else ""
        yield f"Always: of them only those whose {kind.subject.targets[0].lower()} this role sees{alone}"


def _field(policy: Policy, held: Property, seen: TypeView) -> Iterator[str]:
    name = f"{seen.name}.{held.name}"
    if held.name not in seen.fields:
        yield f"{name}: not in the schema; its category is {held.category.value}, which [see.{seen.name}] does not name"
        return
    grant, where = grant_of(policy, seen.name, held)
    if isinstance(grant, When):
        yield f"{name}: {_simple(grant.then)} where {grant.when}, otherwise {_simple(grant.otherwise)}  ({where})"
    else:
        yield f"{name}: {_simple(str(grant))}  ({where})"
    if held.name in seen.reveals:
        reveal = place_of(policy, f"[see.{seen.name}]", "reveal")
        minutes = policy.said.reveal_minutes
        yield f"{' ' * len(name)}  may be revealed of one record for {minutes} minutes, with a reason  ({reveal})"
    if seen.fields[held.name].found_by is not None:
        yield f"{' ' * len(name)}  can be found by its whole value, which is sealed: no part of it, and no order"
    elif seen.fields[held.name].compared is None:
        yield f"{' ' * len(name)}  cannot be filtered or sorted by: that would tell what is not shown"


def _edge(policy: Policy, kind: NodeType, name: str, seen: TypeView) -> Iterator[str]:
    path, hidden = f"{kind.name}.{name}", {camel(one) for one in policy.said.see[kind.name].hide}
    targets = kind.edges[name].targets
    if name in seen.edges:
        yield f"{path}: leads to {' or '.join(seen.edges[name].targets)}, as far as this role sees them"
    elif name in hidden:
        yield f"{path}: not in the schema, because it is hidden  ({place_of(policy, f'[see.{kind.name}]', 'hide')})"
    else:
        yield f"{path}: not in the schema, because the role does not see {' or '.join(targets)}"


def _simple(grant: str) -> str:
    if grant == "show":
        return "shown"
    if grant == "withhold":
        return "withheld (null, with the reason in _withheld)"
    if grant.startswith(OF_GROUPS):
        return f"told of groups alone, in multiples of {grant.removeprefix(OF_GROUPS)}, where it can be summed"
    name, _, step = grant.removeprefix("mask:").partition(":")
    return f"masked to {MASKS[name].about.format(step=step)}"
