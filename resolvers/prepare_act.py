"""Prepare mutations and subscriptions: for each record that they give, the statement by which it is read.

It is the statement of `node(id)`, over the same View; the id is known once the change is made or something happened.
"""

from collections.abc import Mapping
from dataclasses import replace

from graphql import DocumentNode, OperationDefinitionNode, OperationType
from graphql.execution.values import VariableValues

from graph.emit import emit
from graph.expr import Value, Variable
from graph.plan import plan_many, plan_one
from graph.read import ById, ByLabel
from graph.selection import CursorOf, EdgeList, Many, Node, One, PageInfo, Root, Typename
from graph.view import View
from resolvers.budget import Budget, check
from resolvers.disclose import discloser
from resolvers.followed_lists import LISTS
from resolvers.prepare import Plan, Prepared, PreparedAct
from resolvers.prepare_list import windows
from resolvers.role_schema import RoleSchema
from resolvers.select import Acted, select_acts
from resolvers.shape import connection, shaper
from schema.errors import DocumentInvalid
from schema.model import MODEL, Scalar

RECORD = "the record"
"""The variable under which the id of a record is bound; no document can name one like it."""
COST_OF_A_CHANGE = 1_000
COST_OF_A_WINDOW = 1_000
LOGS: Mapping[str, str] = {"changed": "Change"}
"""Subscriptions that follow a list in the order of its time, and its type."""
AFTER = "the cursor"
"""The variable under which the cursor is bound that a log is read on from."""
PAGE_OF_A_LOG = 20
END, MORE, EDGES = "end", "more", "edges"


def prepare_acts(
    schema: RoleSchema,
    view: View,
    document: DocumentNode,
    operation: OperationDefinitionNode,
    variables: VariableValues,
    budget: Budget,
) -> Plan:
    """Select, check the budget, plan and emit what a mutation or subscription shows. Raises what those raise."""
    acts = select_acts(schema.graphql, document, operation, variables)
    spent = check(tuple(root for one in acts for root in _roots(one)), budget)
    if operation.operation is OperationType.MUTATION:
        spent = replace(spent, estimate=spent.estimate + COST_OF_A_CHANGE * len(acts))
    followed = sum(len(LISTS[one.name].orders) for one in acts if one.name in LISTS)
    spent = replace(spent, estimate=spent.estimate + COST_OF_A_WINDOW * followed)
    made = tuple(_prepared(one, schema, view) for one in acts)
    reads = tuple(part for one in made for _, part in one.items if isinstance(part, Prepared))
    return Plan(tuple(one.key for one in acts), reads, (), spent, made)


def _roots(act: Acted) -> list[Root]:
    if act.name in LOGS:
        asked = log_page(act, None)
        return [Root(act.key, asked.edge, {}, asked)]
    plain = tuple((key, part) for key, part in act.items if isinstance(part, str))
    reads = [Root(key, "node", {}, part) for key, part in act.items if isinstance(part, One)]
    return reads or [Root(act.key, act.name, {}, None, plain)]


def _prepared(act: Acted, schema: RoleSchema, view: View) -> PreparedAct:
    if act.name in LOGS:
        asked = (log_page(act, Variable((AFTER,))), log_page(act, None), log_end(act))
        return PreparedAct(act, tuple((act.key, _listed(act, one, view)) for one in asked))
    watch = windows(act, view) if act.name in LISTS else ()
    mutation = schema.mutations.get(act.name)
    seen = mutation.through(view) if mutation is not None else view
    items = tuple(
        (key, part if isinstance(part, str) else read_of(key, act.name, part, seen)) for key, part in act.items
    )
    return PreparedAct(act, items, watch)


def read_of(key: str, name: str, asked: One, view: View) -> Prepared:
    """How the record whose id is bound as RECORD is read."""
    read, placed = plan_one(ById(Value(Variable((RECORD,)), Scalar.ID)), asked, view)
    return Prepared(key, name, emit(read, name), shaper(placed), None, (), discloser(read.legs, None))


def log_page(act: Acted, after: object) -> Many:
    """The next page of the list that a subscription follows: `{edges, page: {end, more}}`."""
    edge = EdgeList(tuple((key, _of_edge(part, act.name)) for key, part in act.items))
    return _log(act, ((EDGES, edge),), {"first": PAGE_OF_A_LOG, "after": after})


def log_end(act: Acted) -> Many:
    """Where the list ends now: `{page: {end, more}}`."""
    return _log(act, (), {"last": 1})


def _log(act: Acted, parts: tuple[tuple[str, EdgeList], ...], arguments: Mapping[str, object]) -> Many:
    page = PageInfo(((END, "endCursor"), (MORE, "hasNextPage")))
    return Many(MODEL[LOGS[act.name]].plural, (*parts, ("page", page)), arguments)


def _of_edge(part: One | str, name: str) -> tuple[Node, ...] | CursorOf | Typename:
    if isinstance(part, One):
        return part.nodes
    return CursorOf() if part == "cursor" else Typename(f"{LOGS[name]}Edge")


def _listed(act: Acted, asked: Many, view: View) -> Prepared:
    """How a page is read: as the list itself is. Raises DocumentInvalid where the role does not see its time."""
    time = view.types[LOGS[act.name]].fields.get(MODEL[LOGS[act.name]].log or "")
    if time is None or not time.plain:
        raise DocumentInvalid
    read, placed = plan_many(ByLabel(), asked, view, LOGS[act.name])
    told = discloser(read.legs, read.page)
    return Prepared(act.key, act.name, emit(read, act.name), connection(placed), placed, (), told)
