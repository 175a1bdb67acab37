"""The folder in which the embedded Neo4j lives: its settings, its password, its lock and its port.

DATA/lock                 held while a customer-graph works on the folder
DATA/neo4j/password       0600, made once
DATA/neo4j/java.args      how Java is called; names this folder, so that a process can be told to be ours
DATA/neo4j/{conf,data,logs}
DATA/compacting           a second such folder, while a compaction is under way (graph.exchange)
"""

import os
import secrets
import socket
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from graph.session import Connection
from schema.errors import EmbeddedDatabaseFailed

LOOPBACK = "127.0.0.1"
USER = "neo4j"
DATABASE = "neo4j"
BOLT_PORTS = range(20_000, 32_000)  # below the ports that operating systems hand out by themselves
LISTENERS_SHARE = sys.platform == "linux"
RUNTIME_FLAGS = (
    "--add-opens=java.base/java.nio=ALL-UNNAMED",
    "--add-opens=java.base/java.io=ALL-UNNAMED",
    "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
    "--enable-native-access=ALL-UNNAMED",
    "--sun-misc-unsafe-memory-access=allow",
    "-Dfile.encoding=UTF-8",
    "-XX:+ExitOnOutOfMemoryError",  # it is started again, which heals better than limping on
)


@dataclass(frozen=True, slots=True)
class Home:
    """Where the embedded Neo4j keeps what; `data` is the data folder of the whole product."""

    data: Path

    @property
    def neo4j(self) -> Path:
        return self.data / "neo4j"

    @property
    def settings(self) -> Path:
        return self.neo4j / "conf"

    @property
    def logs(self) -> Path:
        return self.neo4j / "logs"

    @property
    def java_arguments(self) -> Path:
        return self.neo4j / "java.args"

    @property
    def process(self) -> Path:
        return self.neo4j / "process"

    @property
    def was_started(self) -> bool:
        """Whether a Neo4j ran here before: from then on the password is in its own store."""
        return (self.neo4j / "data" / "databases" / "system").exists()


@dataclass(frozen=True, slots=True)
class Memory:
    """How much memory Neo4j may use, written as Java writes it: 512m, 2g."""

    heap: str = "1g"
    page_cache: str = "128m"


def prepare(home: Home) -> None:
    """Make the folders; only their owner may look inside."""
    make_folders(home.data, home.neo4j, home.settings, home.logs)


def make_folders(*folders: Path) -> None:
    """Make folders that only their owner may look into. Raises EmbeddedDatabaseFailed."""
    for folder in folders:
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as problem:
            raise EmbeddedDatabaseFailed(
                f"The data folder {folder} cannot be made ({type(problem).__name__}). Name another with --data."
            ) from None


def password(home: Home) -> str:
    """The password of this folder's Neo4j, made at the first call and kept in a file that only its owner reads."""
    path = home.neo4j / "password"
    if path.exists():
        if path.stat().st_mode & 0o077:
            path.chmod(0o600)
        return path.read_text().strip()
    if home.was_started:
        raise EmbeddedDatabaseFailed(
            f"{path} is missing, so nobody can enter the graph in {home.data}. Put the file back from your backup."
        )
    return secret_file(path, secrets.token_hex(32))  # letters and digits: Neo4j would take a leading dash for an option


def secret_file(path: Path, text: str) -> str:
    """Write a text that only the owner may read, whole or not at all."""
    unfinished = path.with_suffix(".new")
    unfinished.unlink(missing_ok=True)
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)
    return text


def free_port() -> tuple[int, socket.socket | None]:
    """A free Bolt port on the loopback, and the socket that keeps it for Neo4j as long as it is open.

    Linux lets a listener take a port that a silent socket has bound, if both allow it, and gives the port to nobody
    else: no race, and the same port after Neo4j was started again. Other systems do not let it; there the port is
    only known to have been free.
    """
    for _ in range(200):
        keeper = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        keeper.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        port = secrets.choice(BOLT_PORTS)
        try:
            keeper.bind((LOOPBACK, port))
        except OSError:
            keeper.close()
            continue
        if LISTENERS_SHARE:
            return port, keeper
        keeper.close()
        return port, None
    raise EmbeddedDatabaseFailed(f"No port from {BOLT_PORTS.start} to {BOLT_PORTS.stop} is free on {LOOPBACK}.")


def connection_on(port: int, secret: str) -> Connection:
    """How to reach the Neo4j on a port of the loopback."""
    return Connection(f"bolt://{LOOPBACK}:{port}", USER, secret, DATABASE)


def write_settings(home: Home, port: int, memory: Memory) -> None:
    """Write neo4j.conf: loopback alone, nothing sent home, no query text in any log."""
    settings = {
        "server.directories.data": str(home.neo4j / "data"),
        "server.directories.logs": str(home.logs),
        "server.default_listen_address": LOOPBACK,
        "server.bolt.listen_address": f"{LOOPBACK}:{port}",
        "server.bolt.advertised_address": f"{LOOPBACK}:{port}",
        "server.http.enabled": "false",
        "server.https.enabled": "false",
        "server.memory.pagecache.size": memory.page_cache,
        "dbms.usage_report.enabled": "false",
        "dbms.security.auth_enabled": "true",
        "db.logs.query.enabled": "OFF",
        # A statement is planned once, not again for every new length of a word or a list.
        "internal.cypher.use_parameter_size": "false",
        # Old values leave the transaction log at the next rotation instead of lingering for days.
        "db.tx_log.rotation.retention_policy": "keep_none",
        "db.tx_log.rotation.size": "16m",
        "db.tx_log.preallocate": "false",
        # No one is told of this server, and nobody waits for connections that are already closed.
        "dbms.fleet_manager.enabled": "false",
        "internal.dbms.bolt.netty_server_shutdown_quiet_period": "0",
        "internal.server.bolt.thread_pool_shutdown_wait_time": "1s",
    }
    text = "".join(f"{name}={value}\n" for name, value in settings.items())
    (home.settings / "neo4j.conf").write_text(text)


def write_java_arguments(home: Home, class_path: Iterable[Path], memory: Memory, flags: Iterable[str] = ()) -> None:
    """Write how Java is called; a file, because the class path is longer than some systems' command lines."""
    arguments = [
        *RUNTIME_FLAGS,
        *flags,
        f"-Xmx{memory.heap}",
        f"-Djava.io.tmpdir={home.neo4j}",
        "-cp",
        os.pathsep.join(map(str, class_path)),
        "org.neo4j.server.Neo4jCommunity",
        f"--home-dir={home.neo4j}",
        f"--config-dir={home.settings}",
    ]
    home.java_arguments.write_text("".join(f"{quoted(argument)}\n" for argument in arguments))


def quoted(argument: str) -> str:
    """One argument as Java's argument files want it."""
    escaped = argument.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
