"""Keeps which contacts each case took: those that name it, and those that the likeliest case explains."""

import asyncio
from collections.abc import Sequence
from datetime import datetime

from graph.protocols import Graph
from insight.kept.desk import CASES, SECONDS, Desk, read_desk
from insight.links import Link, case_links, shown_links
from insight.statements import text
from insight.themes.grouping import Grouping, grouped


async def keep(graph: Graph, now: datetime) -> str:
    """Find the links anew, and keep them as `TOOK`. Raises the errors of the database."""
    del now
    desk = await read_desk(graph)
    links = await asyncio.to_thread(found, desk)
    asked = {
        "cases": {desk.ids[one.contact]: desk.ids[CASES, one.case] for one in links},
        "shown": [desk.ids[one.contact] for one in links if one.shown],
    }
    (row,) = await graph.write(text("took_kept"), asked, SECONDS)
    hidden = sum(not one.shown for one in links)
    changed = f"{row['new']:,} new, {row['gone']:,} gone"
    return (
        f"{len(links):,} of {len(desk.contacts):,} contacts belong to one of {len(desk.cases):,} cases, {hidden:,} of "
        f"them without naming it; {changed}"
    )


def found(desk: Desk) -> tuple[Link, ...]:
    """The links: shown ones make groups, and what groups say helps to find hidden ones."""
    first = grouping(desk, shown_links(desk.contacts, desk.cases))
    return case_links(desk.contacts, desk.cases, first.alone)


def grouping(desk: Desk, links: Sequence[Link]) -> Grouping:
    """The groups of texts and cases, with the links as they are known."""
    return grouped(desk.told, desk.titles, (((CASES, one.case), one.contact) for one in links))
