"""The oracle: what a viewer may see of a world, and from that alone the answer to a document.

It reads the policy file itself and works value by value. It shares with the product the model, the role's GraphQL
schema and graphql-core, but neither `narrow` nor the planner, the emitter, the shaper or the database.
"""

import ast
import base64
import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, cast

from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from graphql import (
    ExecutionResult,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    execute,
    is_introspection_type,
    parse,
)

from auth.policy import Policy, When
from graph.expr import Bond
from resolvers.cursor import Sealer
from schema.handles import spellings
from schema.model import MODEL, Edge, Property, Scalar, camel, inverse
from schema.purposes import PURPOSES
from tests.proof.oracle_aggregate import UNITS, Figures, Group, Key, Rules, Table, granted, is_guarded, rules_of, table
from tests.proof.oracle_paths import Ways, leads, relationships
from tests.proof.oracle_search import Hits, search
from tests.proof.worlds import NOW, Entity, Link, World

Unknown = None
KEY = AESSIV(bytes(range(64)))
MOST_COUNTED = 10_000
LOGS = {"changes": "at", "Customer.changes": "at"}
"""Lists that are in the order of a time where no other is asked for."""


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks."""

    subject: str
    purpose: str
    claims: Mapping[str, Any]
    revealed: frozenset[tuple[str, str]] = frozenset()
    expired: frozenset[tuple[str, str]] = frozenset()


@dataclass(frozen=True, slots=True)
class Seen:
    """One node as the asker sees it: shown values, values that may be compared, and what is withheld why.

    `besides` are the relationships that do not count for who comes this way.
    """

    type: str
    id: str
    shown: Mapping[str, Any]
    compared: Mapping[str, Any]
    withheld: tuple[tuple[str, str], ...]
    edges: Mapping[str, tuple[str, ...]]
    guarded: Mapping[str, Any] = field(default_factory=dict, compare=False)
    besides: frozenset[Link] = frozenset()


@dataclass(frozen=True, slots=True)
class Projection:
    """All that the asker may see: nodes by id, who is behind a handle, and what belongs to nobody.

    `leads` are the edges that may be followed, by type. `arrivals` are nodes that look otherwise to who comes to them
    along an edge, by where from, the edge and the node.
    """

    nodes: Mapping[str, Seen]
    handles: tuple[tuple[str, str, str], ...]
    unowned: frozenset[str]
    rules: Rules
    leads: Mapping[str, tuple[Edge, ...]]
    arrivals: Mapping["Arrival", Seen]

    def arrived(self, origin: Seen, edge: Edge, id_: str) -> Seen:
        """What is seen of a node by who comes to it along an edge."""
        return self.arrivals.get((origin.id, origin.besides, edge.name, id_), self.nodes[id_])


Arrival = tuple[str, frozenset[Link], str, str]


def project(world: World, policy: Policy, asker: Asker) -> Projection:
    """What the asker may see of a world."""
    eyes = _Eyes(world, policy, asker)
    visible = {one.id: one for one in world.entities.values() if eyes.visible(one)}
    nodes = {one.id: eyes.seen(one, visible) for one in visible.values()}
    kinds = {kind.upper() for grants in policy.said.see.values() for kind in grants.find_by}
    handles = tuple(
        sorted(
            (str(identity.values["kind"]), str(identity.values["normalized"]), owner.id)
            for identity in world.of("Identity")
            if identity.values["kind"] in kinds
            for owner in world.follow(identity, MODEL["Identity"].edges["customers"])
            if owner.id in visible
        )
    )
    unowned = frozenset(one.id for one in visible.values() if eyes.unowned(one))
    arrivals: dict[Arrival, Seen] = {}
    coming = _Coming(world, policy, asker, visible, nodes)
    for one in nodes.values():
        coming.note(one, arrivals)
    return Projection(nodes, handles, unowned, rules_of(policy), leads(policy), arrivals)


@dataclass(frozen=True, slots=True)
class _Coming:
    """What is seen of a node by who comes to it along an edge.

    Where the model promises one at the other end and the graph has two, the one that was come from counts: what another
    one would allow is not shown under this one, nor under what hangs below.
    """

    world: World
    policy: Policy
    asker: Asker
    visible: Mapping[str, Entity]
    nodes: Mapping[str, Seen]

    def note(self, origin: Seen, arrivals: dict[Arrival, Seen]) -> None:
        """Note all that looks otherwise from here, and from there on."""
        for name, ids in origin.edges.items():
            edge = MODEL[origin.type].edges[name]
            for id_ in ids:
                key = (origin.id, origin.besides, name, id_)
                back = inverse(MODEL, origin.type, edge, self.nodes[id_].type)
                if key in arrivals or back is None or back.many:
                    continue
                besides = origin.besides | self.others(self.world.entities[id_], back, origin.id)
                if besides:
                    arrivals[key] = self.without(besides, id_)
                    self.note(arrivals[key], arrivals)

    def without(self, besides: frozenset[Link], id_: str) -> Seen:
        """A node as if some relationships were not there; what hangs below it does."""
        world = self.world.copy()
        world.links = [link for link in world.links if link not in besides]
        made = _Eyes(world, self.policy, self.asker).seen(world.entities[id_], self.visible)
        kept = self.nodes[id_]
        return replace(kept, shown=made.shown, compared=made.compared, withheld=made.withheld, besides=besides)

    def others(self, one: Entity, back: Edge, origin: str) -> set[Link]:
        """The relationships along an edge back that lead elsewhere."""
        return {
            link
            for link in self.world.links
            if link.type == back.type
            and one.id == (link.source if back.outward else link.target)
            and (end := link.target if back.outward else link.source) != origin
            and self.world.entities[end].type in back.targets
        }


class _Eyes:
    def __init__(self, world: World, policy: Policy, asker: Asker) -> None:
        self.world = world
        self.policy = policy
        self.asker = asker
        self.known: dict[str, bool] = {}

    def visible(self, one: Entity) -> bool:
        if one.id not in self.known:
            self.known[one.id] = self._visible(one)
        return self.known[one.id]

    def _visible(self, one: Entity) -> bool:
        grants = self.policy.said.see.get(one.type)
        if grants is None or self.rule(grants.rows, one) is not True:
            return False
        if one.type == "Customer":
            return self.may_be_read(str(one.values["status"]))
        subject = MODEL[one.type].subject
        if subject is None:
            return True
        owners = self.world.follow(one, subject)
        seen = [self.visible(owner) for owner in owners]
        return (any(seen) and (all(seen) or not subject.every)) or (grants.unattributed and not owners)

    def may_be_read(self, status: str) -> bool:
        purpose = PURPOSES[self.asker.purpose]
        match status:
            case "ACTIVE":
                return True
            case "RESTRICTED":
                return purpose.reads_restricted
            case "DECEASED":
                return not purpose.sends
            case _:
                return False

    def unowned(self, one: Entity) -> bool:
        subject = MODEL[one.type].subject
        grants = self.policy.said.see[one.type]
        return grants.unattributed and subject is not None and not self.world.follow(one, subject)

    def seen(self, one: Entity, visible: Mapping[str, Entity]) -> Seen:
        kind, grants = MODEL[one.type], self.policy.said.see[one.type]
        by_name = {camel(name): grant for name, grant in grants.fields.items()}
        shown: dict[str, Any] = {}
        compared: dict[str, Any] = {}
        withheld: list[tuple[str, str]] = []
        for held in kind.properties.values():
            grant = by_name.get(held.name, grants.categories.get(held.category.value))
            if grant is None:
                continue
            value, comparable, reason = self.disclosed(one, held, one.values[held.name], grant)
            revealable = held.name in {camel(name) for name in grants.reveal}
            if revealable and (f"{one.type}.{held.name}", one.id) in self.asker.revealed:
                value, reason = wire(held.scalar, one.values[held.name]), ""
            shown[held.name] = value
            if _compares(grant):
                compared[held.name] = comparable
            if reason:
                withheld.append((held.name, reason))
        guarded = {held.name: one.values[held.name] for held in kind.properties.values()
                   if held.scalar in UNITS and is_guarded(granted(grants, held))}  # fmt: skip
        hidden = {camel(name) for name in grants.hide}
        edges = {
            edge.name: tuple(sorted(other.id for other in self.world.follow(one, edge) if other.id in visible))
            for edge in kind.edges.values()
            if edge.name not in hidden and any(target in self.policy.said.see for target in edge.targets)
        }
        return Seen(one.type, one.id, shown, compared, tuple(withheld), edges, guarded)

    def disclosed(self, one: Entity, held: Property, value: Any, grant: str | When) -> tuple[Any, Any, str]:
        """What is shown, what is compared, and why it is not the value itself."""
        scalar = held.scalar
        if isinstance(grant, When):
            holds = self.rule(grant.when, one) is True
            taken = grant.then if holds else grant.otherwise
            shown, comparable, reason = self.disclosed(one, held, value, taken)
            basis = not holds and grant.when.startswith("lawful(")
            return shown, comparable, reason and ("NO_LEGAL_BASIS" if basis else "CONDITION")
        match grant.partition(":"):
            case ("show", _, _):
                return wire(scalar, value), value, ""
            case ("withhold", _, _):
                return None, None, "POLICY"
            case ("aggregate", _, _):
                return None, None, "AGGREGATE" if scalar in UNITS else "POLICY"
            case (_, _, _) if value is None:
                return None, None, "MASKED"
            case (_, _, "pseudonym"):
                return self.pseudonym(f"{one.type}.{held.name}", one.id), None, "MASKED"
            case (_, _, name) if name.startswith("bucket:"):
                step = int(name.removeprefix("bucket:")) * (100 if scalar is Scalar.DECIMAL else 1)
                return wire(scalar, value // step * step), None, "MASKED"
            case (_, _, name):
                return _masked(name, wire(scalar, value)), None, "MASKED"
        raise AssertionError(grant)

    def pseudonym(self, field: str, id_: str) -> str:
        bound = [b"pseudonym", self.asker.claims["project"].encode(), field.encode()]
        return base64.b32encode(KEY.encrypt(id_.encode(), bound)[:16]).decode().strip("=").lower()

    def rule(self, text: str, one: Entity) -> Any:
        if text in ("all", "none"):
            return text == "all"
        return self.holds(ast.parse(text, mode="eval").body, one)

    def holds(self, tree: ast.expr, one: Entity) -> Any:
        match tree:
            case ast.BoolOp(ast.And(), parts):
                return _all([self.holds(part, one) for part in parts])
            case ast.BoolOp(ast.Or(), parts):
                return _any([self.holds(part, one) for part in parts])
            case ast.UnaryOp(ast.Not(), of):
                return _not(self.holds(of, one))
            case ast.Compare(left, [sign], [right]):
                return self.compares(sign, self.value(left, one), self.value(right, one))
            case ast.Call(ast.Name("lawful"), [ast.Name("purpose")], []):
                return self.lawful(one, self.asker.purpose)
            case ast.Call(ast.Name("lawful"), [ast.Constant(str(purpose))], []):
                return self.lawful(one, purpose)
            case ast.Call(ast.Name("exists"), [path, *where], []):
                return self.exists(_steps(path), where[0] if where else None, one)
            case _:
                return self.value(tree, one)

    def compares(self, sign: ast.cmpop, left: Any, right: Any) -> Any:
        match sign:
            case ast.NotIn():
                return _not(self.compares(ast.In(), left, right))
            case ast.In():
                return Unknown if left is None or right is None else left in right
            case _:
                left, right = _of_a_day(left, right), _of_a_day(right, left)
                words = {ast.Eq: "eq", ast.NotEq: "ne", ast.Lt: "lt", ast.LtE: "lte", ast.Gt: "gt", ast.GtE: "gte"}
                return compare(words[type(sign)], left, right)

    def value(self, tree: ast.expr, one: Entity) -> Any:
        match tree:
            case ast.Name("purpose"):
                return self.asker.purpose
            case ast.Attribute(ast.Name("actor"), "purpose"):
                return self.asker.purpose
            case ast.Call(ast.Name("now"), [], []):
                return NOW
            case ast.BinOp(now, sign, ast.Call(ast.Name("days"), [ast.Constant(int(days))], [])):
                return self.value(now, one) + timedelta(days=-days if isinstance(sign, ast.Sub) else days)
            case ast.Name(name) | ast.Attribute(ast.Name("record"), name):
                return one.values[camel(name)]
            case ast.Attribute(ast.Name("actor"), "id"):
                return self.asker.subject
            case ast.Attribute(ast.Name("actor"), claim):
                return self.asker.claims[claim]
            case ast.Constant(value):
                return value
            case ast.List(parts) | ast.Tuple(parts):
                return [self.value(part, one) for part in parts]
        raise AssertionError(ast.dump(tree))

    def exists(self, path: list[str], where: ast.expr | None, one: Entity) -> bool:
        if not path:
            return where is None or self.holds(where, one) is True
        others = self.world.follow(one, MODEL[one.type].edges[camel(path[0])])
        return any(self.exists(path[1:], where, other) for other in others)

    def lawful(self, one: Entity, purpose: str) -> bool:
        kind = MODEL[one.type]
        if one.type != "Customer":
            assert kind.subject is not None
            return any(self.lawful(owner, purpose) for owner in self.world.follow(one, kind.subject))
        return any(
            standing.values["purpose"] == purpose
            and standing.values["lawful"] is True
            and (standing.values["until"] is None or standing.values["until"] > NOW)
            for standing in self.world.follow(one, kind.edges["standings"])
        )


def _steps(path: ast.expr) -> list[str]:
    return [path.id] if isinstance(path, ast.Name) else [*_steps(path.value), path.attr]  # type: ignore[attr-defined]  # a path


def _of_a_day(value: Any, other: Any) -> Any:
    """A moment beside a day is its day."""
    return value.date() if isinstance(value, datetime) and type(other) is date else value


def _compares(grant: str | When) -> bool:
    return "show" in (grant.then, grant.otherwise) if isinstance(grant, When) else grant == "show"


def _all(parts: list[Any]) -> Any:
    return False if False in parts else Unknown if Unknown in parts else True


def _any(parts: list[Any]) -> Any:
    return True if True in parts else Unknown if Unknown in parts else False


def _not(part: Any) -> Any:
    return Unknown if part is Unknown else not part


def _masked(name: str, text: str) -> str:
    match name:
        case "year":
            return text[:4]
        case "month":
            return text[:7]
        case "initial":
            return text[:1] + "…"
        case "domain":
            return "…@" + text.rsplit("@", maxsplit=1)[-1]
        case "last4":
            return "…" + text[-4:]
    raise AssertionError(name)


def wire(scalar: Scalar, value: Any) -> Any:
    """A value as it stands in an answer."""
    if isinstance(value, list):
        return [wire(scalar, one) for one in value]
    if value is None:
        return None
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%SZ")
    if scalar is Scalar.DATE:
        return value.isoformat()
    return str(Decimal(value).scaleb(-2)) if scalar is Scalar.DECIMAL else value


def compare(sign: str, left: Any, right: Any) -> Any:  # noqa: C901  one case an operator
    """Comparison with unknowns."""
    if sign in ("in", "notIn") and not right:
        return sign == "notIn"
    if left is None or right is None:
        return Unknown
    match sign:
        case "eq":
            return left == right
        case "ne":
            return left != right
        case "lt":
            return left < right
        case "lte":
            return left <= right
        case "gt":
            return left > right
        case "gte":
            return left >= right
        case "in":
            return _any([compare("eq", left, one) for one in right])
        case "notIn":
            return _not(compare("in", left, right))
        case "startsWith":
            return left.startswith(right)
        case "endsWith":
            return left.endswith(right)
        case "contains":
            return right in left
    raise AssertionError(sign)


parsed = functools.lru_cache(4_096)(parse)
"""A document is asked with many values."""


@dataclass(frozen=True, slots=True)
class Answerer:
    """Answers documents from a projection alone, by graphql-core over the role's own schema."""

    schema: GraphQLSchema
    projection: Projection
    asker: Asker
    role: str
    sealer: Callable[[Mapping[str, Any]], Sealer]

    def answer(self, document: str, variables: Mapping[str, Any]) -> ExecutionResult:
        """The answer to a valid document."""
        result = execute(
            self.schema,
            parsed(document),
            variable_values=dict(variables),
            field_resolver=self.resolve,
            type_resolver=lambda value, info, type_: value.type,
        )
        assert isinstance(result, ExecutionResult)
        return result

    def resolve(self, source: Any, info: Any, **arguments: Any) -> Any:
        name = info.field_name
        if info.parent_type.name == "Query":
            return self.root(name, info, arguments)
        if info.parent_type.name == "Aggregate":
            return self.table(name, info, arguments)
        if isinstance(source, Seen):
            return self.of_node(source, name, info, arguments)
        if isinstance(source, _Page | Hits | Ways | Table | Group | Key | Figures):
            return source.part(name)
        return source[name]

    def of_node(self, node: Seen, name: str, info: Any, arguments: dict[str, Any]) -> Any:
        if name == "_withheld":
            return [{"field": field, "reason": reason} for field, reason in node.withheld]
        kind = MODEL[node.type]
        if name in kind.properties:
            return node.shown[name]
        edge = kind.edges[name]
        others = [self.projection.arrived(node, edge, id_) for id_ in node.edges[name]]
        if not edge.many:
            return others[0] if others else None
        return self.page(others, f"{node.type}.{name}", arguments)

    def root(self, name: str, info: Any, arguments: dict[str, Any]) -> Any:
        nodes = self.projection.nodes
        match name:
            case "viewer":
                return {"id": self.asker.subject, "role": self.role, "purpose": self.asker.purpose}
            case "node":
                return nodes.get(arguments["id"])
            case "customer" if arguments.get("id") is not None:
                found = nodes.get(arguments["id"])
                return found if found is not None and found.type == "Customer" else None
            case "customer":
                behind = self.behind(arguments["identity"])
                return behind[0] if len(behind) == 1 else None
            case "callers":
                return self.page(self.behind(arguments["identity"]), name, arguments)
            case "unattributed":
                owned = [
                    one for one in nodes.values() if one.id in self.projection.unowned and one.type == "Interaction"
                ]
                return self.page(owned, name, arguments)
            case "aggregate":
                return {}
            case "relationships":
                return relationships(nodes, self.projection.leads, arguments, self.sealer({}))
            case "search":
                searchable = [one.name for one in cast(GraphQLUnionType, self.schema.type_map["SearchHit"]).types]
                return search(nodes.values(), searchable, arguments, self.sealer({}))
        (kind,) = [kind for kind in MODEL.values() if kind.plural == name]
        return self.page([one for one in nodes.values() if one.type == kind.name], name, arguments)

    def table(self, name: str, info: Any, arguments: dict[str, Any]) -> Table:
        (kind,) = [kind.name for kind in MODEL.values() if kind.plural == name]
        nodes, where = self.projection.nodes, arguments.get("where")
        rows = [one for one in nodes.values() if one.type == kind and holds(where, one) is True]
        order = arguments.get("orderBy")
        by_key = getattr(order, "name", order) == "KEY"
        return table(kind, rows, nodes, self.projection.rules, info, arguments.get("first"), by_key)

    def behind(self, identity: Mapping[str, Any]) -> list[Seen]:
        kind = getattr(identity["kind"], "name", identity["kind"])
        offered = spellings(kind, identity["value"])
        ids = {owner for held, normalized, owner in self.projection.handles if held == kind and normalized in offered}
        return [self.projection.nodes[id_] for id_ in sorted(ids)]

    def page(self, nodes: list[Seen], path: str, arguments: dict[str, Any]) -> "_Page":
        where, order = arguments.get("where"), arguments.get("orderBy") or []
        matching = [node for node in nodes if holds(where, node) is True]
        keys = [next(iter(one.items())) for one in order]
        if not keys and path in LOGS:
            keys = [(LOGS[path], "ASC")]
        ordered = sorted(matching, key=functools.cmp_to_key(functools.partial(_precedes, keys)))
        return _Page.of(self, ordered, keys, path, arguments)


def holds(where: Mapping[str, Any] | None, node: Seen) -> Any:
    """Whether a filter holds for what may be compared of a node."""
    if where is None:
        return True
    parts = []
    for name, asked in where.items():
        match name:
            case "and":
                parts.append(_all([holds(one, node) for one in asked]))
            case "or":
                parts.append(_any([holds(one, node) for one in asked]))
            case "not":
                parts.append(_not(holds(asked, node)))
            case _:
                parts += [_matches(node, name, sign, value) for sign, value in asked.items()]
    return _all(parts)


def _matches(node: Seen, name: str, sign: str, value: Any) -> Any:
    held = node.compared[name]
    if sign == "isNull":
        return (held is None) is value
    scalar = MODEL[node.type].properties[name].scalar
    given = [_given(scalar, one) for one in value] if isinstance(value, list) else _given(scalar, value)
    if sign == "has":
        return Unknown if held is None else given in held
    return compare(sign, held, given)


def _given(scalar: Scalar, value: Any) -> Any:
    if scalar is Scalar.DECIMAL:
        return float(Decimal(value) * 100)
    return getattr(value, "name", value) if scalar is Scalar.ENUM else value


def _precedes(keys: list[tuple[str, Any]], left: Seen, right: Seen) -> int:
    for name, direction in keys:
        sign = -1 if getattr(direction, "name", direction) == "DESC" else 1
        a, b = left.compared[name], right.compared[name]
        if a == b:
            continue
        if a is None or b is None:
            return 1 if a is None else -1
        return -sign if a < b else sign
    return (left.id > right.id) - (left.id < right.id)


@dataclass(frozen=True, slots=True)
class _Page:
    answerer: Answerer
    shown: list[Seen]
    keys: list[tuple[str, Any]]
    total: int
    before: bool
    after: bool
    bond: bytes
    sealer: Sealer

    @classmethod
    def of(
        cls, answerer: Answerer, nodes: list[Seen], keys: list[tuple[str, Any]], path: str, arguments: dict[str, Any]
    ) -> "_Page":
        sealer = answerer.sealer({})
        words = tuple(f"{name} {getattr(direction, 'name', direction)}" for name, direction in keys)
        held = Bond(path, words, arguments.get("where"))
        rows = nodes
        for name in ("after", "before"):
            if arguments.get(name) is not None:
                at = sealer.open(arguments[name], held)
                rows = [one for one in rows if _side(one, keys, at) == (1 if name == "after" else -1)]
        first, last = arguments.get("first"), arguments.get("last")
        size = first if first is not None else last if last is not None else 20
        shown = rows[max(0, len(rows) - size) :] if last is not None else rows[:size]
        more = len(rows) > size
        follows = arguments.get("before" if last is not None else "after") is not None
        ends = (more, follows) if last is not None else (follows, more)
        return cls(answerer, shown, keys, len(nodes), *ends, sealer.bond(held), sealer)

    def part(self, name: str) -> Any:
        match name:
            case "nodes":
                return self.shown
            case "edges":
                return [{"node": one, "cursor": self.cursor(one)} for one in self.shown]
            case "totalCount":
                return min(self.total, MOST_COUNTED)
            case "pageInfo":
                ends = [self.cursor(one) for one in (self.shown[:1] + self.shown[-1:])]
                return {
                    "hasPreviousPage": self.before,
                    "hasNextPage": self.after,
                    "startCursor": ends[0] if ends else None,
                    "endCursor": ends[-1] if ends else None,
                }
        raise AssertionError(name)

    def cursor(self, one: Seen) -> str:
        return self.sealer.seal([*_position(one, self.keys), one.id], self.bond)


def _position(one: Seen, keys: list[tuple[str, Any]]) -> list[Any]:
    """The values of the order's keys in the form in which a cursor holds them: as Neo4j writes them."""
    made = []
    for name, _ in keys:
        value = one.compared[name]
        if isinstance(value, datetime):
            value = value.strftime("%Y-%m-%dT%H:%M:%SZ")
        made.append(value.isoformat() if hasattr(value, "isoformat") else value)
    return made


def _side(one: Seen, keys: list[tuple[str, Any]], at: list[Any]) -> int:
    """Where a node stands towards a position: before it (-1), at it (0), behind it (1)."""
    held = [*_position(one, keys), one.id]
    if held == at:
        return 0
    mine = dict(zip((name for name, _ in keys), held[:-1], strict=True))
    theirs = dict(zip((name for name, _ in keys), at[:-1], strict=True))
    here, there = Seen(one.type, one.id, {}, mine, (), {}), Seen(one.type, str(at[-1]), {}, theirs, (), {})
    return _precedes(keys, here, there)


def bare(schema: GraphQLSchema) -> GraphQLSchema:
    """The schema without resolvers, so that the oracle's own are asked."""
    for type_ in schema.type_map.values():
        if isinstance(type_, GraphQLInterfaceType | GraphQLUnionType):
            type_.resolve_type = None
        if isinstance(type_, GraphQLObjectType) and not is_introspection_type(type_):
            type_.is_type_of = None
            for field in type_.fields.values():
                field.resolve = None
    return schema
