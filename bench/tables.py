"""The figures as tables, each ratio beside the bar that it has to clear."""

from collections.abc import Callable, Sequence

from rich.console import Console
from rich.table import Table

from bench.measure import FLOOR, RESTRICTED, UNRESTRICTED, UNTRAILED, Servers, Turn, Turns, half, rate
from bench.scale import LARGE, SMALL

HITS = ("database hits: floor", "ours", "unrestricted")
LEAST_RATE = {UNTRAILED: 0.85, RESTRICTED: 0.8}
MOST_LATENCY = 1.2
MOST_FOR_RULES = 1.10
MOST_GROWTH = 1.3
MOST_MEMORY = 200


def show(console: Console, all_turns: Sequence[Turns], servers: Servers) -> None:
    """Print everything."""
    console.print(alone(all_turns))
    console.print(together(all_turns))
    console.print(rules(all_turns))
    console.print(used(all_turns))
    every = (servers.floor, servers.untrailed, servers.ours)
    memory = ", ".join(f"{server.name} {server.mebibytes():.0f} MiB" for server in every)
    console.print(f"Resident memory at the end: {memory}; bar: at most {MOST_MEMORY} MiB a worker")


def alone(all_turns: Sequence[Turns]) -> Table:
    """One client's latency: ours without the trail and with it, beside the floor."""
    table = Table(
        title="One client: ours (restricted role) beside the floor, milliseconds",
        caption=f"ratio: the middle of all rounds (least-most); bar: p50 without the trail at most {MOST_LATENCY}; "
        "with it one durable commit more",
    )
    columns = ("question", "floor p50", "p99", "no trail p50", "p99", "ratio", "", "ours p50", "p99", "ratio")
    for name in (*columns, "p50 more"):
        table.add_column(name, justify="left" if name == "question" else "right")
    for turns in all_turns:
        bare, whole = (turns.ratios(way, FLOOR, 1, half) for way in (UNTRAILED, RESTRICTED))
        more = turns.latency(RESTRICTED, 1, 0.5) - turns.latency(UNTRAILED, 1, 0.5)
        table.add_row(
            turns.question.name,
            *(thousandths(turns.latency(way, 1, share)) for way in (FLOOR, UNTRAILED) for share in (0.5, 0.99)),
            ratio(bare),
            mark(middle(bare) <= MOST_LATENCY),
            *(thousandths(turns.latency(RESTRICTED, 1, share)) for share in (0.5, 0.99)),
            ratio(whole),
            thousandths(more),
        )
    return table


def together(all_turns: Sequence[Turns]) -> Table:
    """Many clients' throughput: ours without the trail and with it, beside the floor."""
    least = LEAST_RATE
    table = Table(
        title="Many clients: ours (restricted role) beside the floor, answers a second",
        caption=f"bars: without the trail at least {least[UNTRAILED]} of the floor, with it {least[RESTRICTED]}",
    )
    columns = ("question", "clients", "floor /s", "p99 ms", "no trail /s", "p99 ms", "ratio", "", "ours /s", "p99 ms")
    for name in (*columns, "ratio", ""):
        table.add_column(name, justify="left" if name == "question" else "right")
    for turns in all_turns:
        many = turns.question.clients
        row = [turns.question.name, str(many), *speed(turns, FLOOR)]
        for way in (UNTRAILED, RESTRICTED):
            ratios = turns.ratios(way, FLOOR, many, rate)
            row += [*speed(turns, way), ratio(ratios), mark(middle(ratios) >= least[way])]
        table.add_row(*row)
    return table


def speed(turns: Turns, way: str) -> tuple[str, str]:
    """Answers a second, and the latency that hardly any exceeds."""
    many = turns.question.clients
    return f"{turns.figure(way, many, rate):.1f}", thousandths(turns.latency(way, many, 0.99))


def show_growth(console: Console, all_turns: Sequence[Turns]) -> None:
    """Print what a larger graph costs."""
    table = Table(title="One client, ours (restricted role): a large graph beside a small one, milliseconds")
    for name in ("question", "small p50", "p99", "large p50", "p99", "ratio", ""):
        table.add_column(name, justify="left" if name == "question" else "right")
    for turns in all_turns:
        slower = turns.ratios(LARGE, SMALL, 1, half)
        table.add_row(
            turns.question.name,
            *(thousandths(turns.latency(way, 1, share)) for way in (SMALL, LARGE) for share in (0.5, 0.99)),
            ratio(slower),
            mark(middle(slower) <= MOST_GROWTH),
        )
    console.print(table)


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
