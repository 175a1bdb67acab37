"""`python -m bench.insight EXPORT OUT`: everything the insights find in a folder of exports, beside simple ways."""

import csv
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from bench.insight.baselines import baselines
from bench.insight.found import HEADERS, Insights, Row, insights
from bench.insight.journeys import foretold, walked
from bench.insight.scores import scored
from ingest.company import Company, find_out
from ingest.exports import read_folder

WIDTH = 150


def command(
    export: Annotated[Path, typer.Argument(help="A folder of exports.")],
    out: Annotated[Path, typer.Argument(help="Where the files go; made where it is not there.")],
    answers: Annotated[Path | None, typer.Option(help="The true answers to these exports, to compare with.")] = None,
    now: Annotated[datetime | None, typer.Option(help="The moment of the exports (UTC), if not today.")] = None,
) -> None:
    """Resolve exports, find everything, write a file for each insight; compare with answers where there are some."""
    console = Console(width=max(WIDTH, Console().width))
    started = time.monotonic()
    moment = now.replace(tzinfo=UTC) if now else datetime.now(UTC)
    company = find_out(read_folder(export, lambda stage, done, total: None), moment, {})
    console.print(f"Read and resolved in {time.monotonic() - started:.1f} s.")
    found = insights(company)
    out.mkdir(parents=True, exist_ok=True)
    for name, rows in found.rows.items():
        _write(out / f"{name}.csv", HEADERS[name], rows)
    _print(console, found)
    _print_journeys(console, company)
    table = Table("insight", "how", "rows", "seconds", "beside the answers", title="Found")
    simple = baselines(company)
    for name, rows in found.rows.items():
        told = scored(name, rows, answers) if answers else ""
        table.add_row(name, "customer-graph", f"{len(rows):,}", f"{found.seconds[name]:.1f}", told)
        for how, others in simple.get(name, {}).items():
            table.add_row("", how, f"{len(others):,}", "", scored(name, others, answers) if answers else "")
    console.print(table)


def _write(path: Path, header: Row, rows: list[Row]) -> None:
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def _print(console: Console, found: Insights) -> None:
    table = Table("nature", "texts and cases", "customers", "trend", "titles of the desk", "words", title="Themes")
    for one in found.themes:
        size, people = f"{one.records:,}", f"{one.customers:,}"
        table.add_row(one.nature, size, people, one.trend, "; ".join(one.titles), " ".join(one.words))
    console.print(table)
    late = Table("supplier", "since", "until", "late", "days late", "orders delayed", title="Late suppliers")
    for supplier in found.late:
        late.add_row(
            supplier.supplier,
            f"{supplier.since}",
            f"{supplier.until}",
            f"{supplier.late} of {supplier.purchase_orders}",
            f"{supplier.mean_days_late:.1f}",
            f"{supplier.orders_delayed}",
        )
    console.print(late)
    if found.reliability:
        bins = Table("foretold", "contacts", "answered", title="Whether foretold answers came")
        for held in found.reliability.bins:
            bins.add_row(f"{held.foretold:.3f}", f"{held.contacts:,}", f"{held.answered:.3f}")
        bins.caption = (
            f"calibration error {found.reliability.calibration_error:.4f}, Brier {found.reliability.brier:.4f}"
        )
        console.print(bins)


def _print_journeys(console: Console, company: Company) -> None:
    started = time.monotonic()
    found = walked(company)
    ways, held = foretold(company, found)
    journeys, steps = sum(one.count for one in found.values()), sum(len(one.steps) for one in found.values())
    table = Table("foretold from", "next stages", "log loss", "likeliest was right", title="Next stage of a journey")
    for way, one in ways.items():
        table.add_row(way, f"{one.passages:,}", f"{one.log_loss:.3f}", f"{one.right:.1%}")
    calibration = f"; calibration error {held.calibration_error:.4f}" if held else ""
    seconds = f"{time.monotonic() - started:.1f} s"
    table.caption = f"{journeys:,} journeys of {len(found):,} customers, {steps:,} steps, {seconds}{calibration}"
    console.print(table)


if __name__ == "__main__":
    typer.run(command)
