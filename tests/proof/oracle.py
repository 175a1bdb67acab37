"""The oracle: the answer to a document, from what a viewer may see of a world (oracle_sight) and nothing else.

It shares with the product the model, the role's GraphQL schema and graphql-core, but neither `narrow` nor the planner,
the emitter, the shaper or the database.
"""

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, cast

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

from graph.expr import Bond
from resolvers.cursor import Sealer
from schema.handles import spellings
from schema.model import MODEL, Scalar
from tests.proof.oracle_aggregate import Figures, Group, Key, Table, table
from tests.proof.oracle_paths import Ways, relationships
from tests.proof.oracle_search import Hits, search
from tests.proof.oracle_sight import Asker, Projection, Seen
from tests.proof.oracle_values import Unknown, all_of, any_of, compare, not_of, whole

MOST_COUNTED = 10_000
LOGS = {"changes": "at", "Customer.changes": "at"}
"""Lists that are in the order of a time where no other is asked for."""
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
                parts.append(all_of([holds(one, node) for one in asked]))
            case "or":
                parts.append(any_of([holds(one, node) for one in asked]))
            case "not":
                parts.append(not_of(holds(asked, node)))
            case _:
                parts += [_matches(node, name, sign, value) for sign, value in asked.items()]
    return all_of(parts)


def _matches(node: Seen, name: str, sign: str, value: Any) -> Any:
    held = node.compared[name]
    if sign == "isNull":
        return (held is None) is value
    of = MODEL[node.type].properties[name]

    def asked(one: Any) -> Any:
        return whole(one) if of.blind_index else _given(of.scalar, one)

    given = [asked(one) for one in value] if isinstance(value, list) else asked(value)
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
