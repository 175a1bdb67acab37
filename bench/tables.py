"""The figures as tables, each ratio beside the bar that it has to clear."""

from collections.abc import Callable, Sequence

from rich.console import Console
from rich.table import Table

from bench.measure import FLOOR, RESTRICTED, UNRESTRICTED, Turn, Turns, half, rate
from bench.servers import Server

HITS = ("database hits: floor", "ours", "unrestricted")
LEAST_RATE = 0.85
MOST_LATENCY = 1.2
MOST_FOR_RULES = 1.10


def show(console: Console, all_turns: Sequence[Turns], servers: Sequence[Server]) -> None:
    """Print everything."""
    console.print(beside_the_floor(all_turns))
    console.print(rules(all_turns))
    console.print(used(all_turns))
    memory = ", ".join(f"{server.name} {server.megabytes():.0f} MB" for server in servers)
    console.print(f"Resident memory at the end: {memory}")


def beside_the_floor(all_turns: Sequence[Turns]) -> Table:
    """Ours, restricted, beside the floor: one client's latency and many clients' throughput."""
    table = Table(
        title="Ours (restricted role) beside the floor: milliseconds at one client, answers a second at many",
        caption=f"ratio: the middle of all rounds (least-most); bars: p50 at most {MOST_LATENCY}, "
        f"throughput at least {LEAST_RATE}",
    )
    columns = ("question", "floor p50", "p99", "ours p50", "p99", "p50 ratio", "", "clients", "floor /s", "ours /s")
    for name in (*columns, "ours p99", "ratio", ""):
        table.add_column(name, justify="left" if name == "question" else "right")
    for turns in all_turns:
        many = turns.question.clients
        slower = turns.ratios(RESTRICTED, FLOOR, 1, half)
        faster = turns.ratios(RESTRICTED, FLOOR, many, rate)
        table.add_row(
            turns.question.name,
            *(thousandths(turns.latency(way, 1, share)) for way in (FLOOR, RESTRICTED) for share in (0.5, 0.99)),
            ratio(slower),
            mark(middle(slower) <= MOST_LATENCY),
            str(many),
            *(f"{turns.figure(way, many, rate):.1f}" for way in (FLOOR, RESTRICTED)),
            thousandths(turns.latency(RESTRICTED, many, 0.99)),
            ratio(faster),
            mark(middle(faster) >= LEAST_RATE),
        )
    return table


def rules(all_turns: Sequence[Turns]) -> Table:
    """What rules cost: a role with rules beside one without, on the same server."""
    table = Table(
        title="A role with rules (service_rep) beside one without (privacy_officer)",
        caption=f"bar: at most {MOST_FOR_RULES}; time of an answer at many clients is one over throughput",
    )
    columns = ("question", "with p50", "without p50", "ratio", "", "many: with /s", "without /s", "ratio of times", "")
    for name in columns:
        table.add_column(name, justify="left" if name == "question" else "right")
    for turns in all_turns:
        many = turns.question.clients
        alone = turns.ratios(RESTRICTED, UNRESTRICTED, 1, half)
        together = turns.ratios(UNRESTRICTED, RESTRICTED, many, rate)
        table.add_row(
            turns.question.name,
            *(thousandths(turns.latency(way, 1, 0.5)) for way in (RESTRICTED, UNRESTRICTED)),
            ratio(alone),
            mark(middle(alone) <= MOST_FOR_RULES),
            *(f"{turns.figure(way, many, rate):.1f}" for way in (RESTRICTED, UNRESTRICTED)),
            ratio(together),
            mark(middle(together) <= MOST_FOR_RULES),
        )
    return table


def used(all_turns: Sequence[Turns]) -> Table:
    """Where the processor's time goes: milliseconds for each answer, in the server and in Neo4j, at many clients."""
    table = Table(title="Processor milliseconds for an answer, many clients; database hits of one answer")
    for name in ("question", "floor", "ours", "ratio", "Neo4j: floor", "ours", "unrestricted", "ratio to floor", *HITS):
        table.add_column(name, justify="left" if name == "question" else "right")
    for turns in all_turns:
        many = turns.question.clients

        def each(way: str, of: Callable[[Turn], float], turns: Turns = turns, many: int = many) -> str:
            return thousandths(turns.figure(way, many, of))

        table.add_row(
            turns.question.name,
            each(FLOOR, of_server),
            each(RESTRICTED, of_server),
            ratio(turns.ratios(RESTRICTED, FLOOR, many, of_server)),
            each(FLOOR, of_database),
            each(RESTRICTED, of_database),
            each(UNRESTRICTED, of_database),
            ratio(turns.ratios(RESTRICTED, FLOOR, many, of_database)),
            *(f"{turns.hits[way]:,}" for way in (FLOOR, RESTRICTED, UNRESTRICTED)),
        )
    return table


def of_server(turn: Turn) -> float:
    """Processor seconds of the server for an answer."""
    return turn.server


def of_database(turn: Turn) -> float:
    """Processor seconds of Neo4j for an answer."""
    return turn.database


def middle(ratios: Sequence[float]) -> float:
    """The one in the middle, of sorted ones."""
    return ratios[len(ratios) // 2]


def ratio(ratios: Sequence[float]) -> str:
    """A ratio with its spread over the rounds."""
    return f"{middle(ratios):.2f} ({ratios[0]:.2f}-{ratios[-1]:.2f})"


def thousandths(seconds: float) -> str:
    """Seconds as milliseconds."""
    return f"{1000 * seconds:.2f}" if seconds < 0.1 else f"{1000 * seconds:.0f}"


def mark(holds: bool) -> str:
    """Whether a bar is cleared."""
    return "[green]ok[/]" if holds else "[red]no[/]"
