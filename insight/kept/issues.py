"""Keeps the recurring issues: what customers come back with, as nodes with edges to all that is about them."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from graph.protocols import Graph
from insight.kept.contacts import grouping
from insight.kept.desk import CASES, SECONDS, Desk, Wills, read_desk
from insight.links import Link
from insight.service import month_of
from insight.statements import text
from insight.themes.themes import Nature, Theme, themes
from insight.themes.words import spelled

FEWEST_CUSTOMERS = 5
"""What is of fewer customers is told as `<5`, and is judged by no threshold."""
FEWEST_NAMING = 3
"""So many contacts of an issue name a product that it affects."""
_WORDS_IN_A_TITLE = 3


async def keep(graph: Graph, now: datetime, wills: Wills = lambda words: False) -> str:
    """Find the issues anew and keep them; one that is there already stays the same node.

    `wills` says whether a text says what its customer wills: what many customers will is no issue. Raises the errors of
    the database.
    """
    desk = await read_desk(graph, wills)
    found = [one for one in await asyncio.to_thread(themes_of, desk, now) if one.nature is Nature.ISSUE]
    called = await _names(graph, desk, found)
    known = {row["key"]: frozenset(row["members"]) for row in await graph.read(text("issues_known"), None, SECONDS)}
    keys = continued({one.key: frozenset(desk.ids[key] for key in one.members) for one in found}, known)
    rows = [_row(one, keys[one.key], desk, called) for one in found]
    await graph.write(text("issues_kept"), {"rows": rows}, SECONDS)
    new = len(set(keys.values()) - known.keys())
    gone = len(known.keys() - set(keys.values()))
    gathered = sum(one.records for one in found)
    return f"{len(found):,} recurring issues of {gathered:,} contacts and cases; {new:,} new, {gone:,} gone"


def themes_of(desk: Desk, now: datetime) -> tuple[Theme, ...]:
    """The themes, issues and requests, from the links that are kept."""
    groups = grouping(desk, [Link(case, key, shown=True) for key, case in sorted(desk.took.items())])
    return themes(desk.told, desk.cases, groups, now, desk.willed, desk.customers)


def continued(found: Mapping[str, frozenset[str]], known: Mapping[str, frozenset[str]]) -> dict[str, str]:
    """The key of each issue: of what is known the one with which it shares at least half of either, else its own.

    The largest part in common goes first, so that of an issue that falls into two the larger one stays itself.
    """
    shared = sorted(
        (-common, new, old)
        for new, members in found.items()
        for old, before in known.items()
        if 2 * (common := len(members & before)) >= min(len(members), len(before)) and common
    )
    result: dict[str, str] = {}
    for _, new, old in shared:
        if new not in result and old not in result.values():
            result[new] = old
    taken = set(result.values())
    for new in sorted(found.keys() - result.keys()):
        key, number = new, 1
        while key in taken or key in known:
            number += 1
            key = f"{new} {number}"
        result[new] = key
        taken.add(key)
    return result


async def _names(graph: Graph, desk: Desk, found: Iterable[Theme]) -> dict[str | None, set[str]]:
    """The words of names: of employees (None), and of each customer of the issues."""
    owners = desk.customers
    asked = {"customers": sorted({owners[key] for one in found for key in one.members if key in owners})}
    called: dict[str | None, set[str]] = defaultdict(set)
    for row in await graph.read(text("names_of_people"), asked, SECONDS):
        called[row["of"]].update(spelled(row["name"]))
    return called


def _row(one: Theme, key: str, desk: Desk, called: Mapping[str | None, set[str]]) -> dict[str, Any]:
    owners = desk.customers
    customers = {owners[member] for member in one.members if member in owners}
    names = set().union(called.get(None, ()), *(called.get(customer, ()) for customer in customers))
    words = [word for word in one.words if word not in names]
    titles = [title for title in one.titles if not names & set(spelled(title))]
    named = Counter(product for member in one.members for product in desk.products.get(member, ()))
    return {
        "key": key,
        "properties": {
            "title": titles[0] if titles else " ".join(words[:_WORDS_IN_A_TITLE]) or "untold",
            "titles": titles,
            "words": words,
            "trend": one.trend.name,
            "contactCount": one.records - one.cases,
            "caseCount": one.cases,
            "customerCount": len(customers),
            "months": _months(one, desk),
        },
        "since": _milliseconds(one.since),
        "until": _milliseconds(one.until),
        "members": [desk.ids[member] for member in one.members],
        "shown": [desk.ids[member] for member in one.shown],
        "products": sorted(product for product, count in named.items() if count >= FEWEST_NAMING),
    }


def _months(one: Theme, desk: Desk) -> list[str]:
    """Each month with its count; a month of few customers is told as fewer than the fold, one of none as 0."""
    times = {each.key: each.at for each in desk.contacts} | {(CASES, each.key): each.opened_at for each in desk.cases}
    owners = desk.customers
    people: dict[str, set[str]] = defaultdict(set)
    for member in one.members:
        people[month_of(times[member])].add(owners.get(member, ""))
    told = []
    for month, count in one.months:
        few = count and len(people[month] - {""}) < FEWEST_CUSTOMERS
        told.append(f"{month} {f'<{FEWEST_CUSTOMERS}' if few else count}")
    return told


def _milliseconds(at: datetime) -> int:
    return round(at.timestamp() * 1000)
