"""A crawler with every name of the whole model, against each role: it learns no name that the role does not have.

It guesses fields, types, arguments, input fields and enum values, writes them almost right, and asks for introspection.
What exists for others alone is answered byte for byte as what exists nowhere.
"""

import json
import re
import string
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice, product
from typing import Any

import httpx
import pytest
from graphql import (
    GraphQLSchema,
    get_introspection_query,
    introspection_types,
    is_enum_type,
    is_input_object_type,
    is_introspection_type,
)

from resolvers.shared_schema import shared
from tests.golden_cases import ROLES
from tests.test_http import GRAPHQL, Service, unopened

__all__ = ["unopened"]
FIRST = ("customer", "service_rep")
CRAWLED = [pytest.param(role, marks=[] if role in FIRST else pytest.mark.thorough) for role in ROLES]
AT_ONCE = 8  # errors in one answer; validation stops at ten
WORD = re.compile(r"\w+")
NAMED = re.compile(r"(?<=`)\w+(?=`)|[A-Za-z]*[a-z][A-Z]\w*|[A-Z]+_[A-Z_]+")
"""In prose what is a name, and no word: quoted, or written as one."""
SPECIFIED = frozenset(name for type_ in introspection_types.values() for name in getattr(type_, "fields", {}))
"""What the specification names itself: `fields`, `args`, `name`."""
QUOTED = re.compile(r"'(\w+)'")


@dataclass(frozen=True, slots=True)
class Names:
    """All names of a schema: of each type what it has, and of each field its arguments."""

    below: Mapping[str, frozenset[str]]
    arguments: Mapping[tuple[str, str], frozenset[str]]

    @property
    def every(self) -> frozenset[str]:
        """Every name, wherever it stands."""
        return frozenset(self.below).union(*self.below.values(), *self.arguments.values())


def names_of(schema: GraphQLSchema) -> Names:
    """What there is to learn of a schema."""
    below, arguments = {}, {}
    for name, type_ in schema.type_map.items():
        if is_introspection_type(type_):
            continue
        fields = getattr(type_, "fields", {})
        below[name] = frozenset(fields) | frozenset(getattr(type_, "values", {}))
        for field, held in fields.items():
            if getattr(held, "args", None):
                arguments[name, field] = frozenset(held.args)
    return Names(below, arguments)


class Crawler:
    """Asks as one role; keeps watch that no answer holds a hidden name that the question did not hold."""

    def __init__(self, client: httpx.AsyncClient, headers: Mapping[str, str], hidden: frozenset[str]) -> None:
        self._client, self._headers, self._hidden = client, headers, hidden
        self.asked = 0

    async def ask(self, text: str, variables: Any = None) -> httpx.Response:
        body = {"query": text, "variables": variables}
        response = await self._client.post("/graphql", json=body, headers=self._headers)
        sent = set(WORD.findall(json.dumps(body)))
        learnt = (self._hidden & {*QUOTED.findall(response.text), *NAMED.findall(response.text)}) - sent
        assert learnt == set(), (text, learnt)
        self.asked += 1
        return response

    async def described(self) -> Iterator[str]:
        """The names that introspection tells. Descriptions are prose, in which words such as "cases" are no names."""
        body = {"query": get_introspection_query()}
        told = (await self._client.post("/graphql", json=body, headers=self._headers)).json()["data"]
        return (
            name for key, text in texts_in(told, "") for name in (NAMED if key == "description" else WORD).findall(text)
        )

    async def compare(self, template: str, guesses: Iterable[str], known: frozenset[str], join: str = " ") -> None:
        """Ask for names that others have, and for as many of the same lengths that nobody has."""
        rest = iter(sorted(guesses))
        while several := tuple(islice(rest, AT_ONCE)):
            nobodys = dict(zip(several, unused(several, known), strict=True))
            theirs = await self.ask(template.replace("NAMES", join.join(several)))
            never = await self.ask(template.replace("NAMES", join.join(nobodys.values())))
            assert theirs.status_code == never.status_code
            assert renamed(theirs.text, nobodys) == never.text, template


def texts_in(told: Any, key: str) -> Iterator[tuple[str, str]]:
    """Every text of a JSON value, with the key under which it stands."""
    match told:
        case str():
            yield key, told
        case dict():
            for name, below in told.items():
                yield from texts_in(below, name)
        case list():
            for one in told:
                yield from texts_in(one, key)


def renamed(text: str, names: Mapping[str, str]) -> str:
    """A text with other names between its quotation marks."""
    return QUOTED.sub(lambda found: f"'{names.get(found[1], found[1])}'", text)


def unused(names: Iterable[str], known: frozenset[str]) -> Iterator[str]:
    """Names of the same lengths, all different, that nothing has."""
    endings = product(string.ascii_lowercase, repeat=2)
    for name in names:
        made = next(made for ending in endings if (made := "Z" * (len(name) - 2) + "".join(ending)) not in known)
        yield made


def misspelt(name: str) -> Iterator[str]:
    """What a search for suggestions tries."""
    yield name[:-1] or "x"
    yield name + "s"
    yield name[0] + name[1:].swapcase()


@pytest.fixture(scope="module")
def everyone(unopened: Service) -> Names:
    """What at least one role has."""
    return names_of(shared([one.graphql for one in unopened.assembly.schemas.values()]))


@pytest.mark.asyncio
@pytest.mark.timeout(900)
@pytest.mark.parametrize("role", CRAWLED)
async def test_a_crawler_learns_no_name(unopened: Service, everyone: Names, role: str) -> None:
    """Of everything that at least one role has, this one learns what is its own and nothing else."""
    own_schema = unopened.assembly.schemas[role].graphql
    own, known = names_of(own_schema), everyone.every
    hidden = known - own.every - SPECIFIED
    assert hidden
    async with unopened.client() as client:
        crawler = Crawler(client, unopened.headers(role, GRAPHQL), hidden)
        told = set(await crawler.described())
        assert own.every <= told
        assert hidden & told == set()
        types = everyone.below.keys() - own.below.keys()
        for template in (
            "query ($v: NAMES) { __typename }",
            "fragment F on NAMES { __typename } query { ...F }",
            '{ node(id: "a") { ... on NAMES { id } } }',
            '{ __type(name: "NAMES") { name fields { name } } }',
            '{ customer(id: "a") { ...NAMES } }',
        ):
            for name in sorted(types):
                await crawler.compare(template, [name], known)
        for name, names in own.below.items():
            type_ = own_schema.type_map[name]
            guesses = everyone.below[name] - names
            if is_enum_type(type_):
                await crawler.compare(f"query ($v: [{name}!] = [NAMES]) {{ __typename }}", guesses, known)
            elif is_input_object_type(type_):
                await crawler.compare(f"query ($v: {name} = {{NAMES: 1}}) {{ __typename }}", guesses, known, ": 1 ")
            elif names:
                await crawler.compare(f"fragment F on {name} {{ NAMES }} query {{ ...F }}", guesses, known)
        for (type_name, field), arguments in own.arguments.items():
            guesses = everyone.arguments[type_name, field] - arguments
            template = f"fragment F on {type_name} {{ {field}(NAMES: 1) }} query {{ ...F }}"
            await crawler.compare(template, guesses, known, ": 1 ")
        for name in ("Query", "Customer"):  # the whole dictionary, where most there is to find stands
            guesses = known - own.below[name] - {"Query", "Customer"}  # the question names both
            await crawler.compare(f"fragment F on {name} {{ NAMES }} query {{ ...F }}", guesses, known)
        for name in sorted(hidden)[:60]:
            near = " ".join(dict.fromkeys(misspelt(name)))
            await crawler.ask(f'{{ customers(first: "a", {name}: 1) {{ nodes {{ {near} }} }} {near} }}')
        filters = sorted(everyone.below["CustomerFilter"] - own.below["CustomerFilter"])
        for name, never in zip(filters, unused(filters, known), strict=True):
            text = "query ($v: CustomerFilter) { customers(where: $v) { nodes { id } } }"
            answers = [(await crawler.ask(text, {"v": {one: {"eq": 1}}})).text for one in (name, never)]
            assert answers[0] == answers[1]
    assert crawler.asked > 100
