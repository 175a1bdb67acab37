"""`python -m bench.insight.backtest EXPORT`: the last 90 days are hidden and foretold, beside simple ways.

Who orders, by the Brier score (the mean squared error of a probability, less is better) and the area under the curve
(how often who orders was given more than who does not); what new products she orders, by how often one of three named
is among them. What is learned is learned from what lies before the hidden days.
"""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from bench.insight.feed_orders import orders
from ingest.company import find_out
from ingest.exports import read_folder
from insight.signals.churn import AHEAD, history
from insight.signals.orders import Order
from insight.signals.rhythm import FEWEST, fitted
from insight.signals.together import MOST_OFFERS, SUPPORT, Together

Orders = Mapping[str, Sequence[Order]]
_STEP = 30  # days since the last order that are counted as one
_FEW = 5.0  # customers that the base rate counts for among those of one step


@dataclass(frozen=True, slots=True)
class Foretold:
    """One way of foretelling who orders: a probability for each customer, and whether each did."""

    way: str
    chances: Sequence[float]
    ordered: Sequence[bool]

    @property
    def brier(self) -> float:
        """The mean squared error."""
        pairs = zip(self.chances, self.ordered, strict=True)
        return sum((chance - came) ** 2 for chance, came in pairs) / len(self.chances)

    @property
    def under_curve(self) -> float:
        """How often who ordered was given more than who did not; a half for equals, and by chance."""
        below, above = (sorted(self._of(came)) for came in (False, True))
        if not below or not above:
            return 0.5
        wins = sum(bisect_right(below, one) - below.count(one) / 2 for one in above)
        return wins / (len(below) * len(above))

    def by_eighths(self) -> list[tuple[int, float, float]]:
        """Customers in eighths by their chance: how many, the mean chance, and the share that ordered."""
        ranked = sorted(zip(self.chances, self.ordered, strict=True))
        cuts = [len(ranked) * place // 8 for place in range(9)]
        parts = [ranked[since:until] for since, until in pairwise(cuts) if until > since]
        return [(len(one), sum(c for c, _ in one) / len(one), sum(o for _, o in one) / len(one)) for one in parts]

    def _of(self, came: bool) -> list[float]:
        return [chance for chance, one in zip(self.chances, self.ordered, strict=True) if one is came]


def who_orders(found: Orders, cut: datetime) -> tuple[Foretold, ...]:
    """The ways of foretelling who orders within 90 days of `cut`, ours first; none where too little is known."""
    known = {customer: one for customer, placed in found.items() if (one := history(placed, cut))}
    rhythm = fitted(known.values())
    if rhythm is None or len(known) < FEWEST:
        return ()
    came = [_orders_after(found[customer], cut) for customer in known]
    rate, steps = _learned(found, cut)
    silent = [(one.known - one.last) // _STEP for one in known.values()]
    return (
        Foretold("rhythm (MBG/NBD)", [rhythm.orders_within(AHEAD.days, one) for one in known.values()], came),
        Foretold("days since the last order", [steps.get(one, rate) for one in silent], came),
        Foretold("always the base rate", [rate] * len(known), came),
    )


def what_is_bought(found: Orders, cut: datetime) -> Mapping[str, tuple[int, int]]:
    """By way: for how many one of three products came true, and how many order something new within 90 days."""
    together, sold = Together(), set[str]()
    had, new = dict[str, frozenset[str]](), dict[str, frozenset[str]]()
    for customer, placed in found.items():
        before = [one for one in placed if one.happened and one.at <= cut]
        if not before:
            continue
        together.enter({product for one in before if one.kept for product in one.products})
        had[customer] = frozenset(product for one in before for product in one.products)
        after = (one for one in placed if one.happened and cut < one.at <= cut + AHEAD)
        new[customer] = frozenset(product for one in after for product in one.products) - had[customer]
        sold |= had[customer]
    most = Counter(product for products in had.values() for product in products)
    ranked = sorted(most, key=lambda one: (-most[one], one))
    ways: Mapping[str, Callable[[str], Sequence[str]]] = {
        "lift and share": lambda who: [one.product for one in together.offers(had[who], sold.__contains__)],
        "most popular": lambda who: [one for one in ranked if one not in had[who]][:MOST_OFFERS],
    }
    asked = [who for who in had if new[who]]
    return {way: (sum(not new[who].isdisjoint(of(who)) for who in asked), len(asked)) for way, of in ways.items()}


def _orders_after(placed: Sequence[Order], cut: datetime) -> bool:
    return any(one.happened and cut < one.at <= cut + AHEAD for one in placed)


def _learned(found: Orders, cut: datetime) -> tuple[float, Mapping[int, float]]:
    """Of the 90 days before: the share that ordered, and the share by the months since the last order."""
    before = cut - AHEAD
    counts: dict[int, list[int]] = defaultdict(list)
    for placed in found.values():
        if one := history(placed, before):
            counts[(one.known - one.last) // _STEP].append(_orders_after(placed, before))
    every = [came for those in counts.values() for came in those]
    rate = sum(every) / len(every) if every else 0.0
    return rate, {step: (sum(those) + _FEW * rate) / (len(those) + _FEW) for step, those in counts.items()}


def command(
    export: Annotated[Path, typer.Argument(help="A folder of exports.")],
    now: Annotated[datetime | None, typer.Option(help="The moment of the exports (UTC), if not today.")] = None,
) -> None:
    """Hide the last 90 days of a folder of exports, and the 90 before, and foretell each from what was before it."""
    console = Console(width=120)
    moment = now.replace(tzinfo=UTC) if now else datetime.now(UTC)
    found = orders(find_out(read_folder(export, lambda stage, done, total: None), moment, {}))
    for back in (1, 2):
        cut = moment - back * AHEAD
        console.print(f"Foretold on {cut.date()} for the 90 days after it.")
        table = Table("who orders", "customers", "foretold", "ordered", "Brier", "area under the curve")
        ways = who_orders(found, cut)
        for one in ways:
            many = len(one.ordered)
            shares = (f"{sum(each) / many:.3f}" for each in (one.chances, one.ordered))
            table.add_row(one.way, f"{many:,}", *shares, f"{one.brier:.4f}", f"{one.under_curve:.3f}")
        console.print(table)
        if ways:
            eighths = Table("customers", "foretold", "ordered", title="Whether foretold orders came")
            for many, foretold, came in ways[0].by_eighths():
                eighths.add_row(f"{many:,}", f"{foretold:.3f}", f"{came:.3f}")
            console.print(eighths)
        bought = Table("what is bought", f"one of {MOST_OFFERS} was right", "share")
        for way, (right, of) in what_is_bought(found, cut).items():
            bought.add_row(way, f"{right} of {of}", f"{right / of:.3f}" if of else "")
        bought.caption = f"Products of at least {SUPPORT} customers."
        console.print(bought)


if __name__ == "__main__":
    typer.run(command)
