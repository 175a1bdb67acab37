"""Prepare subscriptions that follow a list: what tells new and changed records, and how one of them is read.

A list is followed by its windows: its newest records in the order of a time, with all that the role sees of each as it
is. They are compiled over the same View as the list itself, and shown to nobody.
"""

from graph.emit import emit
from graph.expr import Value, Variable
from graph.plan import plan_many, plan_one
from graph.read import ById, ByLabel
from graph.selection import Field, Item, Many, Node, NodeList, One
from graph.view import View
from resolvers.disclose import discloser
from resolvers.followed_lists import LISTS, Listed, followable
from resolvers.prepare import Prepared
from resolvers.select import Acted
from resolvers.shape import connection, shaper
from schema.errors import DocumentInvalid
from schema.model import MODEL, Category, Scalar

WHOSE = "the customer"
"""The variable under which the id of the customer is bound whose list it is; no document can name one like it."""
ROWS = "rows"
MOST_IN_A_WINDOW = 100


def windows(act: Acted, view: View) -> tuple[Prepared, ...]:
    """How each window is read. Raises DocumentInvalid for a list that the role cannot follow."""
    listed = LISTS[act.name]
    if not followable(view, act.name):
        raise DocumentInvalid
    return tuple(_window(act, listed, order, view) for order in listed.orders)


def _window(act: Acted, listed: Listed, order: str, view: View) -> Prepared:
    rows = (ROWS, NodeList((_whole(listed.type, view, listed.of is None),)))
    where: dict[str, object] = {}
    if not MODEL[listed.type].properties[order].required:
        where[order] = {"isNull": False}
    if listed.by is not None and (given := act.arguments.get(listed.by[0])) is not None:
        where[listed.by[1]] = {"in": given}
    arguments = {"first": MOST_IN_A_WINDOW, "where": where or None, "orderBy": [{order: "DESC"}]}
    if listed.of is None:
        asked = Many(MODEL[listed.type].plural, (rows,), arguments)
        read, many = plan_many(ByLabel(), asked, view, listed.type)
        return Prepared(
            act.key, act.name, emit(read, act.name), connection(many), many, (), discloser(read.legs, read.page)
        )
    whose = Node("Customer", ((ROWS, Many(listed.of, (rows,), arguments)),))
    read, one = plan_one(ById(Value(Variable((WHOSE,)), Scalar.ID)), One("node", (whose,)), view)
    return Prepared(act.key, act.name, emit(read, act.name), shaper(one), None, (), discloser(read.legs, None))


def _whole(type_: str, view: View, edges: bool) -> Node:
    """All values of a record that the role sees and that are not sealed; whom it leads to, where that is one."""
    kind, seen = MODEL[type_], view.types[type_]
    items: list[tuple[str, Item]] = [
        (name, Field(name)) for name in seen.fields if kind.properties[name].category is not Category.SECRET
    ]
    for name, edge in seen.edges.items() if edges else ():
        if not edge.many and len(edge.targets) == 1 and "id" in view.types[edge.targets[0]].fields:
            items.append((name, One(name, (Node(edge.targets[0], (("id", Field("id")),)),))))
    return Node(type_, tuple(items))
