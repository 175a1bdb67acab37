"""What Java learnt is kept and used; a machine on which it cannot be made starts without."""

import sys
from pathlib import Path

import psutil
import pytest

from graph import class_cache, distribution
from graph.embedded import EmbeddedNeo4j
from graph.session import Connection

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells what a process has mapped")
async def test_java_runs_on_what_it_learnt(mortal: tuple[EmbeddedNeo4j, Connection]) -> None:
    """The file is not only named to Java: Java has taken it."""
    kept = class_cache.cache_file(distribution.cache_folder())
    server, _ = mortal
    assert server.pid is not None
    assert str(kept) in {one.path for one in psutil.Process(server.pid).memory_maps()}


async def test_nothing_of_the_folder_in_which_java_learns_is_left(neo4j: Connection) -> None:
    """Neither the empty graph nor what Java wrote down on the way."""
    del neo4j
    kept = class_cache.cache_file(distribution.cache_folder())
    assert not list(kept.parent.glob("learning-*"))


async def test_where_it_cannot_be_made_neo4j_starts_without(tmp_path: Path) -> None:
    """It is tried once: an empty file says so, and nobody waits again."""
    repository = class_cache.cache_file(tmp_path).parent
    repository.mkdir(parents=True)
    told: list[str] = []
    no_neo4j_in_it = (tmp_path / "nothing.jar",)
    assert await class_cache.flags(tmp_path, no_neo4j_in_it, told.append) == ()
    assert await class_cache.flags(tmp_path, no_neo4j_in_it, told.append) == ()
    assert len(told) == 1
    assert class_cache.cache_file(tmp_path).stat().st_size == 0
    assert not list(repository.glob("learning-*"))
