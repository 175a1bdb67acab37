"""The shape of the code: who may import whom, and who alone may do what."""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import auth
import graph
import schema

ROOT = Path(__file__).parents[1]
LAYERS = ("schema", "graph", "auth", "resolvers", "insight", "ingest", "privacy", "server")
DRIVER_DOORS = {"graph/session.py"}
OUTER_INSIGHTS = ("insight/exports/", "insight/kept/", "insight/roots/", "insight/contacting/", "insight/api.py")
VIEW_MAKERS = {"auth/narrow.py"}
VIEWS = {"View", "TypeView"}
CYPHER_TEXTS = {
    "graph/emit_aggregate.py",
    "graph/emit_contact.py",
    "graph/gates.py",
    "graph/emit_export.py",
    "graph/emit_search.py",
    "graph/emit_traverse.py",
    "graph/emit_verify.py",
    "graph/emit_write.py",
    "graph/emit.py",
    "graph/cypher.py",
    "graph/constraints.py",
    "graph/migrations.py",
}
CYPHER = re.compile(r"(?<![\w`])(MATCH|MERGE|UNWIND|DETACH DELETE|CALL)\s*[({$a-z:]|(?<![\w`])CREATE\s*\(")


def modules(*packages: str) -> list[Path]:
    """All modules of the packages."""
    return sorted(path for package in packages for path in (ROOT / package).rglob("*.py"))


def name_of(path: Path) -> str:
    """A module's path from the root, with slashes."""
    return path.relative_to(ROOT).as_posix()


def tree_of(path: Path) -> ast.Module:
    """A module's syntax tree."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def imported(tree: ast.Module) -> Iterator[str]:
    """The top-level packages that a module imports, anywhere in it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.module.partition(".")[0]


def made(tree: ast.Module) -> Iterator[str]:
    """The names of what a module calls: `View(...)`, `view.View(...)`, `dataclasses.replace` aside."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = node.func
            yield called.id if isinstance(called, ast.Name) else getattr(called, "attr", "")


def texts(tree: ast.Module) -> Iterator[str]:
    """The texts that a module holds, without its docstrings."""
    documentation = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documentation:
            yield node.value


@pytest.mark.parametrize("layer", LAYERS)
def test_imports_point_one_way(layer: str) -> None:
    """server > ingest > resolvers > auth > graph > schema: nobody imports from above."""
    above = set(LAYERS[LAYERS.index(layer) + 1 :]) | {"tests", "bench"}
    offenders = {name_of(path): sorted(above.intersection(imported(tree_of(path)))) for path in modules(layer)}
    assert {name: found for name, found in offenders.items() if found} == {}


def test_insights_stand_alone() -> None:
    """They read plain data: neither do they know who feeds them, nor does an import of theirs reach a database.

    Exports are another matter: they are files made of what the View shows. Others feed cores from the graph,
    and answer the API from them.
    """
    allowed = {"insight", *sys.stdlib_module_names}
    cores = [path for path in modules("insight") if not name_of(path).startswith(OUTER_INSIGHTS)]
    found = {name_of(path): sorted(set(imported(tree_of(path))) - allowed) for path in cores}
    assert {name: others for name, others in found.items() if others} == {}
    users = {name_of(path) for path in modules("ingest", "privacy") if "insight" in imported(tree_of(path))}
    assert users == set()


def test_only_the_session_speaks_to_the_driver() -> None:
    """Its errors and notifications carry values; there is one door."""
    assert {name_of(path) for path in modules(*LAYERS) if "neo4j" in imported(tree_of(path))} == DRIVER_DOORS


def test_only_narrow_makes_a_view() -> None:
    """A View that someone else made would be a permission that no policy gave."""
    makers = {name_of(path) for path in modules(*LAYERS) if VIEWS.intersection(made(tree_of(path)))}
    assert makers <= VIEW_MAKERS


def test_cypher_is_written_in_few_places() -> None:
    """What is asked of the database is compiled, derived from the model, or stands in a file of its own."""
    writers = {name_of(path) for path in modules(*LAYERS) if any(map(CYPHER.search, texts(tree_of(path))))}
    assert writers <= CYPHER_TEXTS


def test_a_statement_would_be_found() -> None:
    """The search above sees Cypher where there is some, also in pieces of an f-string."""
    planted = "def f(label):\n    'MATCH (n) in a docstring'\n    return f'MATCH (n:{label}) RETURN n'\n"
    assert [text for text in texts(ast.parse(planted)) if CYPHER.search(text)] == ["MATCH (n:"]


@pytest.mark.parametrize("package", [schema, graph, auth], ids=lambda package: package.__name__)
def test_the_packages_are_ours(package: object) -> None:
    """Others are published under the same names."""
    assert Path(str(getattr(package, "__file__", ""))).is_relative_to(ROOT)
