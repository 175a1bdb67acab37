"""The model: a node type is one class that says what each field is; everything else follows, or the import fails."""

import asyncio
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import orjson
import pytest
import strawberry

from graph.session import Connection, Database
from schema.catalogue import complete_model
from schema.errors import ModelInvalid
from schema.model import Category, Edge, Model, NodeType, edge, faults, inverse, node, prop
from tests.golden_cases import MODEL

ROOT = Path(__file__).parents[1]
OWN_TYPE = '''
"""What a marina adds: boats of its customers."""

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import strawberry

from schema.model import Category as Is
from schema.model import edge, node, prop

if TYPE_CHECKING:
    from schema.customer import Customer


@node(prefix="boa", plural="boats")
class Boat:
    """One boat."""

    id: strawberry.ID = prop(Is.KEY, "Opaque handle.")
    name: str = prop(Is.BEHAVIOUR, "Name on the bow.", indexed=True)
    launched_on: date | None = prop(Is.PROFILE, "Day of the launch.")
    value: Decimal | None = prop(Is.FINANCIAL, "What it is insured for.")
    former_names: list[str] = prop(Is.BEHAVIOUR, "Names it had.")

    owner: "Customer | None" = edge("OWNS", "Whose boat.", outward=False, subject=True)
'''
OWN_POLICY = """
[see.Boat]
rows      = "all"
key       = "show"
behaviour = "show"
profile   = "mask:year"
financial = "withhold"
"""
ASKING = """
import asyncio, sys
from datetime import datetime, timezone
from pathlib import Path
import orjson
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
import schema.catalogue
import marina
from auth.narrow import narrow
from auth.policy import load_policies
from auth.token import Viewer
from graph.constraints import statements
from graph.session import Connection, Database
from resolvers.prepare import Plans
from resolvers.read import CompiledRead, Request
from resolvers.role_schema import RoleSchema

asked = orjson.loads(sys.stdin.buffer.read())
model = schema.catalogue.complete_model()
view = narrow(model, load_policies(Path(asked["policies"]))["service_rep"], "service")
role = RoleSchema(view, [CompiledRead])
viewer = Viewer("rep", "service_rep", "service", {"regions": ("SE",)}, 2**40)

class Kept:
    async def record(self, disclosure):
        print(disclosure.answers[0].shown, file=sys.stderr)

async def main():
    async with Database(Connection(*asked["connection"])) as database:
        for statement in statements(model):
            if "Boat" in statement:
                await database.change_schema(statement)
        request = Request(viewer, view, database, Plans(), AESSIV(bytes(64)), datetime.now(timezone.utc), Kept())
        answers = []
        for text in asked["documents"]:
            answer = await role.execute(text, context_value=request)
            answers.append({"data": answer.data, "errors": [str(error) for error in answer.errors or ()]})
        sys.stdout.buffer.write(orjson.dumps(answers))

asyncio.run(main())
"""
BOATS = """CREATE (here:Customer {id: 'cus_sea1', kind: 'PERSON', status: 'ACTIVE', region: 'SE'}),
  (there:Customer {id: 'cus_sea2', kind: 'PERSON', status: 'ACTIVE', region: 'NO'}),
  (here)-[:OWNS]->(:Boat {id: 'boa_1', name: 'Maja', launchedOn: date('1999-05-01'), value: 100, formerNames: ['Aja']}),
  (here)-[:OWNS]->(:Boat {id: 'boa_2', name: 'Anna', formerNames: []}),
  (there)-[:OWNS]->(:Boat {id: 'boa_3', name: 'Nora', formerNames: []})"""


async def asked(tmp_path: Path, connection: Connection, *documents: str) -> list[dict[str, object]]:
    """Answers of a product that knows boats, in a process of its own: a model is for life."""
    policies = tmp_path / "policies"
    policies.mkdir()
    shipped = (ROOT / "auth" / "policy" / "service_rep.toml").read_text(encoding="utf-8")
    (policies / "service_rep.toml").write_text(shipped + OWN_POLICY, encoding="utf-8")
    (tmp_path / "marina.py").write_text(OWN_TYPE, encoding="utf-8")
    (tmp_path / "asking.py").write_text(ASKING, encoding="utf-8")
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        tmp_path / "asking.py",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={"PYTHONPATH": f"{ROOT}:{tmp_path}"},
    )
    reached = (connection.uri, connection.username, connection.password, connection.database)
    said = {"connection": reached, "policies": str(policies), "documents": documents}
    out, problem = await process.communicate(orjson.dumps(said))
    assert process.returncode == 0, problem.decode()
    answers: list[dict[str, object]] = orjson.loads(out)
    return answers


@pytest.mark.asyncio
async def test_a_company_adds_a_node_type_with_one_class_and_its_categories(
    tmp_path: Path, neo4j: Connection, database: Database
) -> None:
    """Nothing else: lists, filters, orders, pages, counts, masks, row rules and indexes follow."""
    await database.write("MATCH (n:Boat|Customer) WHERE n:Boat OR n.id STARTS WITH 'cus_sea' DETACH DELETE n")
    await database.write(BOATS)
    listed, found, refused = await asked(
        tmp_path,
        neo4j,
        "{ boats(orderBy: [{ name: ASC }]) { totalCount nodes { id name launchedOn value formerNames owner { id }"
        " _withheld { field reason } } } }",
        '{ boats(first: 1, where: { name: { startsWith: "M" }, formerNames: { has: "Aja" } }) {'
        ' nodes { __typename ... on Node { id } } } node(id: "boa_3") { id } }',
        '{ boats(where: { launchedOn: { gt: "1999-01-01" } }) { totalCount } }',
    )
    await database.write("MATCH (n) WHERE n:Boat OR n.id STARTS WITH 'cus_sea' DETACH DELETE n")
    withheld = [{"field": "launchedOn", "reason": "MASKED"}, {"field": "value", "reason": "POLICY"}]
    rest = {"value": None, "owner": {"id": "cus_sea1"}, "_withheld": withheld}
    assert listed == {
        "data": {
            "boats": {
                "totalCount": 2,
                "nodes": [
                    {"id": "boa_2", "name": "Anna", "launchedOn": None, "formerNames": [], **rest},
                    {"id": "boa_1", "name": "Maja", "launchedOn": "1999", "formerNames": ["Aja"], **rest},
                ],
            }
        },
        "errors": [],
    }
    assert found == {"data": {"boats": {"nodes": [{"__typename": "Boat", "id": "boa_1"}]}, "node": None}, "errors": []}
    assert refused["data"] is None
    indexes = await database.read("SHOW INDEXES YIELD name WHERE name STARTS WITH 'Boat' RETURN name")
    assert {"Boat_id", "Boat_name"} <= set(indexes)
    for name in indexes:
        owned = await database.read("SHOW CONSTRAINTS YIELD name RETURN name")
        await database.change_schema(f"DROP {'CONSTRAINT' if name in owned else 'INDEX'} {name}")


def nameless() -> type:
    class Cabin:
        """A field that does not say what it is."""

        id: strawberry.ID = prop(Category.KEY, "Handle.")
        name: str

    return Cabin


def keyless() -> type:
    class Cabin:
        """No id."""

        name: str = prop(Category.IDENTITY, "Name.")

    return Cabin


def typeless() -> type:
    class Cabin:
        """A type that the graph cannot hold."""

        id: strawberry.ID = prop(Category.KEY, "Handle.")
        size: complex = prop(Category.REFERENCE, "Size.")

    return Cabin


def twofold() -> type:
    class Cabin:
        """About two subjects."""

        id: strawberry.ID = prop(Category.KEY, "Handle.")
        owner: "Customer | None" = edge("OWNS", "Owner.", subject=True)  # type: ignore[name-defined]  # noqa: F821
        guest: "Customer | None" = edge("RENTS", "Guest.", subject=True)  # type: ignore[name-defined]  # noqa: F821

    return Cabin


def plain() -> type:
    class Cabin:
        """As it should be."""

        id: strawberry.ID = prop(Category.KEY, "Handle.")

    return Cabin


def namesake() -> type:
    made = plain()
    made.__name__ = "Customer"
    return made


DECLARED_WRONG: dict[str, tuple[Callable[[], type], str, str]] = {
    "a field without a category": (nameless, "cab", "Cabin.name does not say what it is: declare it with prop() or"),
    "no id": (keyless, "cab", "Cabin has no id: declare 'id: strawberry.ID = prop(Category.KEY, ...)'"),
    "an unknown type": (typeless, "cab", "Cabin.size has the type 'complex', which is neither a scalar nor an enum"),
    "two subjects": (twofold, "cab", "Cabin names two edges to its subject: keep one"),
    "a name that is taken": (namesake, "cab", "Two node types are named Customer"),
    "a prefix that is taken": (plain, "cus", "Cabin and Customer both begin their ids with 'cus'"),
}


@pytest.mark.parametrize("case", DECLARED_WRONG)
def test_a_class_that_does_not_say_what_it_is_cannot_be_imported(case: str) -> None:
    """The message names class, field and what would be right; the model stays as it was."""
    declared, prefix, expected = DECLARED_WRONG[case]
    before = dict(complete_model())
    with pytest.raises(ModelInvalid) as refusal:
        node(prefix=prefix, plural="cabins")(declared())
    assert expected in str(refusal.value)
    assert dict(complete_model()) == before


def changed(name: str, change: Callable[[NodeType], NodeType]) -> Model:
    """The model with one type changed."""
    return MappingProxyType({**MODEL, name: change(MODEL[name])})


def with_edge(way: Edge) -> Callable[[NodeType], NodeType]:
    """A type with one more edge."""
    return lambda kind: replace(kind, edges=MappingProxyType({**kind.edges, way.name: way}))


def test_an_edge_leads_somewhere() -> None:
    """An edge to a type that is not there is named."""
    lost = Edge("ghosts", "HAUNTS", ("Ghost",), outward=True, many=True, subject=False, about="")
    (found,) = faults(changed("Team", with_edge(lost)))
    assert (found.where, found.what) == ("Team.ghosts", "leads to Ghost, which is not a node type")


def test_a_subject_is_of_one_type() -> None:
    """A row rule must know whom the node is about."""
    either = Edge("whom", "ABOUT_WHOM", ("Customer", "Team"), outward=True, many=False, subject=True, about="")
    (found,) = faults(changed("Topic", with_edge(either)))
    assert (found.where, found.what) == ("Topic.whom", "leads to a subject and must name one node type")


@pytest.mark.parametrize("change", [{"required": False}, {"category": Category.IDENTITY}], ids=str)
def test_an_id_is_a_required_key(change: dict[str, object]) -> None:
    """Pages, cursors and `node(id)` rest on it."""

    def spoil(kind: NodeType) -> NodeType:
        spoilt = replace(kind.properties["id"], **change)  # type: ignore[arg-type]  # each case names its own
        return replace(kind, properties=MappingProxyType({**kind.properties, "id": spoilt}))

    (found,) = faults(changed("Team", spoil))
    assert (found.where, found.what) == ("Team.id", "must be a required field of category key")


def edges() -> Iterator[tuple[str, Edge]]:
    """Every edge of the model with the type that declares it."""
    for kind in MODEL.values():
        for way in kind.edges.values():
            yield kind.name, way


def test_both_ends_of_a_relationship_tell_the_same_story() -> None:
    """Where both ends declare it, they agree on its type, turn opposite ways, and name each other."""
    both = 0
    for source, way in edges():
        for target in way.targets:
            back = inverse(MODEL, source, way, target)
            if back is not None:
                both += 1
                assert inverse(MODEL, target, back, source) == way
    assert both > len(MODEL)


def test_every_type_and_field_is_described() -> None:
    """The descriptions are the documentation that clients read."""
    for kind in MODEL.values():
        assert kind.about.endswith(".")
        assert [held.name for held in kind.properties.values() if not held.about] == []
        assert [way.name for way in kind.edges.values() if not way.about] == []
