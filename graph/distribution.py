"""The Neo4j release that runs embedded: which jars, with which hashes, and how they come here.

`neo4j.lock` beside this file names each jar and its SHA-256. Installing downloads what the cache lacks from Maven
Central and keeps only what has the right hash; once it is complete no start touches the network again. `installed`
does the same for any other release with a lock of this kind.
`python -m graph.distribution` resolves the release anew and writes the lock.
"""

import fcntl
import hashlib
import os
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from schema.errors import EmbeddedDatabaseFailed

if TYPE_CHECKING:
    from jgo.maven import MavenContext

VERSION = "2026.08.1"
LOCK = Path(__file__).with_name("neo4j.lock")
PARALLEL_DOWNLOADS = 8
SECONDS_FOR_ONE_ANSWER = 60

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Jar:
    """One file of a release as the lock names it; `size` in bytes, `packaging` what its name ends with."""

    group: str
    artifact: str
    version: str
    classifier: str
    sha256: str
    size: int
    packaging: str = "jar"

    def path_in(self, repository: Path) -> Path:
        """Where a Maven repository in that folder keeps the jar."""
        name = "-".join(filter(None, (self.artifact, self.version, self.classifier)))
        return repository.joinpath(*self.group.split("."), self.artifact, self.version, f"{name}.{self.packaging}")


def jars() -> tuple[Jar, ...]:
    """The jars of the release in the order of the class path."""
    return tuple(_jar(line) for line in LOCK.read_text().splitlines() if line and not line.startswith("#"))


def cache_folder(environment: dict[str, str] | None = None) -> Path:
    """The user's cache for the release: CUSTOMER_GRAPH_CACHE, XDG_CACHE_HOME or the home folder, in this order."""
    known = os.environ if environment is None else environment
    if own := known.get("CUSTOMER_GRAPH_CACHE"):
        return Path(own).expanduser()
    base = known.get("XDG_CACHE_HOME", "")
    return (Path(base) if Path(base).is_absolute() else Path.home() / ".cache") / "customer-graph"


def install(cache: Path, tell: Tell) -> tuple[Path, ...]:
    """The class path of the release, downloaded where the cache lacks it.

    `tell` gets sentences for the person who waits. Two processes may install at once: one waits for the other.
    Raises EmbeddedDatabaseFailed when Maven Central cannot be reached or serves something else.
    """
    try:
        return installed(f"Neo4j Community {VERSION}", jars(), cache / f"neo4j-{VERSION}", tell, _digest(LOCK))
    except OSError as problem:
        raise EmbeddedDatabaseFailed(
            f"Neo4j could not be installed into {cache} ({type(problem).__name__}). The first start needs Maven "
            "Central and 600 MB in that folder; name another folder with CUSTOMER_GRAPH_CACHE."
        ) from None


def installed(title: str, release: tuple[Jar, ...], repository: Path, tell: Tell, mark: str) -> tuple[Path, ...]:
    """The files of a release in a folder, downloaded where it lacks them; `mark` stands there once all are whole.

    Raises OSError when Maven Central cannot be reached, EmbeddedDatabaseFailed when it serves something else.
    """
    paths = tuple(jar.path_in(repository) for jar in release)
    complete = repository / "complete"
    whole = all(_size_of(path) == jar.size for path, jar in zip(paths, release, strict=True))
    if whole and _text_of(complete) == mark:
        return paths
    repository.mkdir(parents=True, exist_ok=True)
    with alone(repository / "lock"):
        _download(title, [jar for jar in release if not _genuine(jar.path_in(repository), jar)], repository, tell)
        complete.write_text(mark)
    return paths


def _download(title: str, missing: list[Jar], repository: Path, tell: Tell) -> None:
    if not missing:
        return
    import truststore
    from jgo.maven import MavenContext, PythonResolver

    total = sum(jar.size for jar in missing)
    tell(f"Downloading {title} ({total // 1_000_000} MB, once) into {repository}")
    context = MavenContext(PythonResolver(), repo_cache=repository, timeout=SECONDS_FOR_ONE_ANSWER)
    done, told = 0, 0
    truststore.inject_into_ssl()  # a company's own certificate authority is known to the system, not to certifi
    try:
        with ThreadPoolExecutor(PARALLEL_DOWNLOADS) as pool:
            for jar in pool.map(lambda jar: _fetch(context, jar, repository), missing):
                done += jar.size
                if done * 4 // total > told:
                    told = done * 4 // total
                    tell(f"Downloading {title}: {done // 1_000_000} of {total // 1_000_000} MB")
    finally:
        truststore.extract_from_ssl()


def _fetch(context: "MavenContext", jar: Jar, repository: Path) -> Jar:
    path = jar.path_in(repository)
    for _ in range(2):
        path.unlink(missing_ok=True)  # what is there was cut off by a crash: its hash is wrong
        try:
            context.project(jar.group, jar.artifact).at_version(jar.version).artifact(
                jar.classifier, jar.packaging
            ).resolve()
        except RuntimeError as problem:  # jgo's way of saying that no repository has it
            raise FileNotFoundError from problem
        if _genuine(path, jar):
            return jar
    path.unlink(missing_ok=True)
    raise EmbeddedDatabaseFailed(
        f"{jar.group}:{jar.artifact}:{jar.version} does not have the locked hash. Something between this machine and "
        "Maven Central alters what it serves; nothing was installed."
    )


def _genuine(path: Path, jar: Jar) -> bool:
    return _size_of(path) == jar.size and _digest(path) == jar.sha256


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _size_of(path: Path) -> int | None:
    return path.stat().st_size if path.is_file() else None


def _text_of(path: Path) -> str | None:
    return path.read_text() if path.is_file() else None


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """One process at a time; the others wait."""
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _jar(line: str) -> Jar:
    coordinate, sha256, size = line.split()
    group, artifact, version, *classifier = coordinate.split(":")
    return Jar(group, artifact, version, "".join(classifier), sha256, int(size))


def write_lock(cache: Path) -> int:
    """Resolve the release with all it depends on and write `neo4j.lock`; how many jars it names."""
    import truststore
    from jgo.maven import MavenContext, PythonResolver

    truststore.inject_into_ssl()
    repository = cache / f"neo4j-{VERSION}"
    context = MavenContext(PythonResolver(), repo_cache=repository, timeout=SECONDS_FOR_ONE_ANSWER)
    wanted = context.create_dependency(f"org.neo4j:neo4j:{VERSION}")
    named, transitive = context.resolver.resolve([wanted])
    artifacts = [found.artifact for found in named]
    artifacts += [found.artifact for found in transitive if found.scope in ("compile", "runtime")]
    with ThreadPoolExecutor(PARALLEL_DOWNLOADS) as pool:
        paths = list(pool.map(lambda artifact: artifact.resolve(), artifacts))
    lines = [
        f"{':'.join(filter(None, (a.groupId, a.artifactId, a.version, a.classifier)))} {_digest(path)} {_size_of(path)}"
        for a, path in zip(artifacts, paths, strict=True)
    ]
    LOCK.write_text("\n".join([f"# Neo4j Community {VERSION}: coordinate, SHA-256, bytes", *lines, ""]))
    return len(lines)


if __name__ == "__main__":
    sys.stdout.write(f"{write_lock(cache_folder())} jars locked in {LOCK.name}\n")
