"""Prepare: from an operation to statements, kept for the next request of the same shape.

What is kept depends on the document, the operation, the role, the purpose and the shape of the variables, never on
their values; the store is bounded.
"""

from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, cast

from graphql import DocumentNode, ExecutionResult, FieldNode, OperationDefinitionNode
from graphql.execution.values import VariableValues

from graph.aggregate import plan_aggregate
from graph.emit import Statement, emit
from graph.emit_aggregate import emit_aggregate
from graph.emit_search import emit_search
from graph.emit_traverse import emit_traversal
from graph.expr import Value, Variable, both
from graph.filter import fields_named
from graph.gates import gates
from graph.placed import PlacedMany
from graph.plan import plan_many, plan_one
from graph.read import ById, ByIdentity, ByLabel, Page, Start
from graph.search import plan_search
from graph.selection import Aggregate, Items, Many, One, Root
from graph.traverse import plan_traversal
from graph.view import View
from resolvers.aggregate import aggregation
from resolvers.budget import Budget, Cost, check
from resolvers.disclose import Discloser, discloser, discloser_of_rows
from resolvers.role_schema import RoleSchema
from resolvers.select import Acted, select, type_of_id
from resolvers.shape import Shaper, connection, perhaps, shaper
from resolvers.variables import symbolic
from schema.errors import ValueInvalid
from schema.generate import RootField, roots
from schema.generate_dictionary import BESIDE
from schema.model import MODEL, Scalar


@dataclass(frozen=True, slots=True)
class Handle:
    """A handle as offered; `resolvers.bind` turns it into every spelling it may stand under."""

    kind: object
    value: object


@dataclass(frozen=True, slots=True)
class Prepared:
    """One root field, ready to run. Without a statement its answer is known: `items` of a plain object, or null.

    `discloser` says what its rows tell about whom, `sought` by what someone is looked for: the kind and the value.
    `beside` are lists that are read where there is no statement, each by its place among the items.
    """

    key: str
    name: str
    statement: Statement | None
    shape: Shaper | None
    many: PlacedMany | None
    items: Items
    discloser: Discloser | None = None
    sought: tuple[object, object] | None = None
    arguments: Mapping[str, object] = field(default_factory=dict)
    beside: tuple[tuple[str, "Prepared"], ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """One operation, ready to run. `keys` is the order of the answer."""

    keys: tuple[str, ...]
    roots: tuple[Prepared, ...]
    introspection: tuple[FieldNode, ...]
    cost: Cost
    acts: tuple["PreparedAct", ...] = ()


@dataclass(frozen=True, slots=True)
class PreparedAct:
    """One field of a mutation or subscription. `items` are (key, the read of a record | the name of a plain field).

    `watch` is read to find out whether there is something to tell, and shown to nobody.
    """

    acted: Acted
    items: tuple[tuple[str, Prepared | str], ...]
    watch: tuple[Prepared, ...] = ()


Make = Callable[[RoleSchema, View, DocumentNode, OperationDefinitionNode, VariableValues, Budget], Plan]


MOST_DESCRIPTIONS = 32


class Plans:
    """The bounded store of plans; the least recently used goes first."""

    def __init__(self, most: int = 2_000) -> None:
        self._most = most
        self._held: OrderedDict[object, Plan] = OrderedDict()
        self._described: OrderedDict[tuple[str, str, str | None], ExecutionResult] = OrderedDict()
        self._prefixes = frozenset(kind.prefix for kind in MODEL.values())
        self.hits = 0
        self.misses = 0

    def plan(
        self,
        schema: RoleSchema,
        view: View,
        document: DocumentNode,
        text: str,
        operation: OperationDefinitionNode,
        variables: VariableValues,
        budget: Budget,
        fresh: Callable[[int], None] = lambda several: None,
        make: "Make | None" = None,
    ) -> Plan:
        """The plan for a request. Raises what select, budget and plan raise; refusals are not kept.

        `fresh` is told of statements that are new, before the work is done, and may raise.
        """
        made, shape = symbolic(schema.graphql, operation, variables, self._prefixes)
        name = operation.name.value if operation.name else None
        key = (view.role, view.purpose, text, name, shape)
        if (held := self._held.get(key)) is not None:
            self._held.move_to_end(key)
            self.hits += 1
            return held
        self.misses += 1
        fresh(1)
        plan = (make or prepare)(schema, view, document, operation, made, budget)
        fresh(max(0, sum(root.statement is not None for root in plan.roots) - 1))
        self._held[key] = plan
        if len(self._held) > self._most:
            self._held.popitem(last=False)
        return plan

    def described(
        self, role: str, text: str, operation: OperationDefinitionNode, describe: Callable[[], ExecutionResult]
    ) -> ExecutionResult:
        """What introspection answers; kept where no variable changes it, for it takes a tenth of a second to make."""
        if operation.variable_definitions:
            return describe()
        key = (role, text, operation.name.value if operation.name else None)
        if (found := self._described.get(key)) is None:
            self._described[key] = found = describe()
            if len(self._described) > MOST_DESCRIPTIONS:
                self._described.popitem(last=False)
        return found

    def __len__(self) -> int:
        return len(self._held)


def prepare(
    schema: RoleSchema,
    view: View,
    document: DocumentNode,
    operation: OperationDefinitionNode,
    variables: VariableValues,
    budget: Budget,
) -> Plan:
    """Select, check the budget, plan and emit every root of an operation."""
    asked = select(schema.graphql, document, operation, variables)
    spent = check(asked.roots, budget)
    known = {root.name: root for root in roots(MODEL)}
    made = tuple(_root(root, known, view) for root in asked.roots)
    return Plan(asked.keys, made, asked.introspection, spent)


def _root(root: Root, roots_: Mapping[str, RootField], view: View) -> Prepared:
    match root.field:
        case One() as one:
            start = _start(roots_[root.name], root.arguments)
            read, placed = plan_one(start, one, view)
            made, told = emit(read, root.name), discloser(read.legs, None)
            return Prepared(root.key, root.name, made, shaper(placed), None, (), told, _sought(start))
        case Many() as many if roots_[root.name].way == "search":
            search, many_placed = plan_search(many, view)
            shape, legs = connection(many_placed), [one.leg for one in search.types]
            told = discloser_of_rows({"node": legs}, many_placed.size, search.compared)
            return Prepared(root.key, root.name, emit_search(search, root.name), shape, many_placed, (), told)
        case Many() as many if roots_[root.name].way == "relationships":
            goal = type_of_id(many.arguments.get("to"))
            walk, many_placed = plan_traversal(many.edge, goal.name if goal else None, many, view)
            told = discloser_of_rows(walk.ends, many_placed.size)
            made, shape = emit_traversal(walk, root.name), perhaps(connection(many_placed))
            return Prepared(root.key, root.name, made, shape, many_placed, (), told, ("id", walk.id.of))
        case Many() as many if roots_[root.name].way == "audience":
            read, many_placed = plan_many(ByLabel(), many, view, "Customer")
            named = tuple(sorted(fields_named(many.arguments.get("where"))))
            page = cast(Page, read.page)
            asked = {**{name: many.arguments.get(name) for name in ("purpose", "channel", "campaign")}, "fields": named}
            read = replace(read, page=replace(page, where=both(page.where, gates(asked))))
            made, told = emit(read, root.name), discloser(read.legs, read.page)
            return Prepared(root.key, root.name, made, connection(many_placed), many_placed, (), told)
        case Many() as many:
            known = roots_[root.name]
            start = _start(known, root.arguments)
            read, many_placed = plan_many(start, many, view, known.type, unattributed=known.way == "unattributed")
            made, told = emit(read, root.name), discloser(read.legs, read.page)
            shape = connection(many_placed)
            return Prepared(root.key, root.name, made, shape, many_placed, (), told, _sought(start))
        case Aggregate() as tables:
            planned = plan_aggregate(tables, view)
            shape = aggregation(tables, planned)
            return Prepared(root.key, root.name, emit_aggregate(planned, root.name), shape, None, ())
        case None:
            lists = tuple((place, _list_of(place, name, many, view)) for place, name, many in root.beside)
            return Prepared(root.key, root.name, None, None, None, root.items, arguments=root.arguments, beside=lists)


def _list_of(key: str, name: str, asked: Many, view: View) -> Prepared:
    """A list of nodes that is read beside a root."""
    read, placed = plan_many(ByLabel(), asked, view, BESIDE[name][0])
    told = discloser(read.legs, read.page)
    return Prepared(key, name, emit(read, name), connection(placed), placed, (), told)


def _start(root: RootField, arguments: Mapping[str, Any]) -> Start:
    match root.way:
        case "node":
            return ById(_id(arguments["id"]))
        case "one":
            id_, identity = arguments.get("id"), arguments.get("identity")
            if (id_ is None) == (identity is None):
                raise ValueInvalid("Give either id or identity.")
            return ById(_id(id_)) if id_ is not None else _by_identity(identity)
        case "callers":
            return _by_identity(arguments["identity"])
        case _:
            return ByLabel()


def _sought(start: Start) -> tuple[object, object] | None:
    match start:
        case ById(id):
            return "id", id.of
        case ByIdentity(kind, Value(Handle(_, value), _, _)):
            return kind.of, value
        case _:
            return None


def _id(of: object) -> Value:
    # The prefix has done its part; without it, equal shapes give equal parameters.
    return Value(Variable(of.path) if isinstance(of, Variable) else of, Scalar.ID)


def _by_identity(identity: Any) -> ByIdentity:
    kind = identity["kind"]
    return ByIdentity(Value(kind, Scalar.ENUM), Value(Handle(kind, identity["value"]), Scalar.STRING, many=True))
