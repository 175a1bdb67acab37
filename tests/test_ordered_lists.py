"""Lists in order: along an index, page after page, whatever may be empty and whoever asks.

Shapes: a key that every record has, one that may be empty, one that is shown on a condition; up and down; the first
page, those after it, and backwards; with a rule on the rows and without; with a filter that has a better index.
"""

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import pytest

from graph.session import Database, Profile
from tests.golden_cases import request_of, schema_of
from tests.sample import Sample

pytest_plugins = ["tests.sample"]
pytestmark = pytest.mark.asyncio(loop_scope="session")

SIZE = 7
MOST_HITS_FOR_A_ROW = 200
FORWARDS = "query ($n: Int, $at: String) {{ {root}(first: $n, after: $at, orderBy: {order}{where}) {body} }}"
BACKWARDS = "query ($n: Int, $at: String) {{ {root}(last: $n, before: $at, orderBy: {order}{where}) {body} }}"
BODY = "{{ edges {{ cursor node {{ id {fields} }} }} pageInfo {{ hasNextPage hasPreviousPage }} }}"
ROLES = ("privacy_officer", "service_rep")

SHAPES: Mapping[str, tuple[str, str, str]] = {
    "required": ("interactions", "[{occurredAt: DESC}]", "occurredAt"),
    "required, up": ("orders", "[{placedAt: ASC}]", "placedAt"),
    "may be empty": ("customers", "[{name: ASC}]", "name"),
    "may be empty, down": ("customers", "[{name: DESC}]", "name"),
    "empty for some": ("customers", "[{lastInteractionAt: DESC}]", "lastInteractionAt"),
    "two keys": ("customers", "[{region: DESC}, {name: ASC}]", "region name"),
    "two keys, both down": ("customers", "[{region: ASC}, {lastInteractionAt: DESC}]", "region lastInteractionAt"),
    "on a condition": ("customers", "[{email: ASC}]", "email"),
    "on a condition, down": ("customers", "[{phone: DESC}]", "phone"),
}

PAGED = [
    pytest.param(shape, role, marks=[] if (role == "service_rep") == ("condition" in shape) else pytest.mark.thorough)
    for shape in SHAPES
    for role in ROLES
]
"""Each shape as the role for which it is the harder one; the others when there is time."""


class Watching:
    """Stands between the resolvers and the database, and has everything profiled that passes."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.seen: list[Profile] = []

    async def read(self, text: str, parameters: Mapping[str, Any], timeout: float | None = None) -> list[Any]:
        """The first column of every row."""
        self.seen.append(await self.database.profile(text, parameters))
        return self.seen[-1].rows


async def asked(sample: Sample, role: str, text: str, variables: Mapping[str, Any]) -> tuple[Any, Profile]:
    """The list that a question gives, and what it cost."""
    request = request_of(role, sample.database, sample.found["busiest"])
    watching = request.database = Watching(sample.database)
    answer = await schema_of(role).execute(text, dict(variables), context_value=request)
    assert answer.errors is None, answer.errors
    assert answer.data is not None
    (found,) = answer.data.values()
    return found, watching.seen[0]


async def pages(sample: Sample, role: str, text: str, size: int, end: int, more: str) -> list[list[Any]]:
    """All pages of a list, from cursor to cursor; the first edge of a page goes on backwards, the last forwards."""
    found, at = [], None
    while True:
        page, _ = await asked(sample, role, text, {"n": size, "at": at})
        found.append(page["edges"])
        if not page["pageInfo"][more]:
            return found
        at = page["edges"][end]["cursor"]


def question(frame: str, root: str, order: str, fields: str, where: str = "") -> str:
    """One question of a shape."""
    return frame.format(root=root, order=order, where=where, body=BODY.format(fields=fields))


def precedes(order: str, one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether one node may stand before another: keys in turn, empty values last, ties by id."""
    for key in order.strip("[]").split("}, {"):
        name, _, direction = key.strip("{}").partition(": ")
        here, there = one[name], other[name]
        if here == there:
            continue
        if here is None or there is None:
            return there is None
        return (here < there) is (direction == "ASC")
    return bool(one["id"] < other["id"])


@pytest.mark.parametrize(("shape", "role"), PAGED)
async def test_pages_put_together_are_the_list(sample: Sample, shape: str, role: str) -> None:
    """Forwards and backwards, each record once; in order wherever its keys are shown as they are."""
    root, order, fields = SHAPES[shape]
    whole, _ = await asked(sample, role, question(FORWARDS, root, order, fields), {"n": 1000})
    nodes = [edge["node"] for edge in whole["edges"]]
    assert len(nodes) > 10 * SIZE
    size = max(SIZE, len(nodes) // 8)
    forwards = await pages(sample, role, question(FORWARDS, root, order, fields), size, -1, "hasNextPage")
    found = [edge["node"] for page in forwards for edge in page]
    assert found[: len(nodes)] == nodes
    assert len({one["id"] for one in found}) == len(found)
    backwards = await pages(sample, role, question(BACKWARDS, root, order, fields), size, 0, "hasPreviousPage")
    assert [edge["node"] for page in reversed(backwards) for edge in page] == found
    if role == "privacy_officer":
        assert all(precedes(order, one, other) for one, other in pairwise(found))


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("shape", SHAPES)
async def test_a_page_is_read_along_an_index(sample: Sample, shape: str, role: str) -> None:
    """What it costs is in proportion to the page, not to the label: the first one, and one in the middle."""
    root, order, fields = SHAPES[shape]
    text = question(FORWARDS, root, order, fields)
    whole, _ = await asked(sample, role, text, {"n": 200})
    middle = whole["edges"][100]["cursor"]
    for at in (None, middle):
        page, profile = await asked(sample, role, text, {"n": 50, "at": at})
        assert len(page["edges"]) == 50
        assert profile.hits < 50 * MOST_HITS_FOR_A_ROW, (at, profile.hits)


async def test_a_filter_by_an_indexed_value_is_read_along_its_own_index(sample: Sample) -> None:
    """One customer by her address costs the same, in whatever order the list of one is asked for."""
    where = f', where: {{email: {{eq: "{sample.found["email"]}"}}}}'
    text = question(FORWARDS, "customers", "[{name: DESC}]", "name", where)
    page, profile = await asked(sample, "privacy_officer", text, {"n": 20})
    assert len(page["edges"]) == 1
    assert profile.hits < MOST_HITS_FOR_A_ROW


@pytest.mark.parametrize("root", ["interactions", "orders", "outreach", "invoices"])
async def test_what_is_about_oneself_alone_is_read_from_oneself(sample: Sample, root: str) -> None:
    """The role customer: her own, however many others have."""
    text = question(FORWARDS, root, "[]", "")
    page, profile = await asked(sample, "customer", text, {"n": 20})
    assert page["edges"]
    assert profile.hits < 20 * MOST_HITS_FOR_A_ROW
