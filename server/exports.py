"""The endpoints of exports: GET /export/manifest, /export/nodes and /export/edges.

Who asks is found out as for GraphQL, and what leaves is what the same role would be answered for the same purpose; the
policy has to allow exports to it besides. docs/for-data-scientists.md shows them from outside.
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing, contextmanager
from dataclasses import dataclass, field, replace
from hashlib import sha256
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, TypeVar

import orjson
from starlette.requests import Request as HttpRequest
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from auth.disclosure import Recorder
from auth.token import Viewer
from graph.export import EdgeExport, NodeExport, plan_edges, plan_nodes
from graph.expr import Bond
from graph.masks import PROJECT
from graph.view import View
from resolvers.bind import claim
from resolvers.export import ONE_LOOK, Clock, Export, Part, Position, now, of_edges, of_nodes
from resolvers.observe import UNOBSERVED
from resolvers.read import Request
from schema.errors import (
    CustomerGraphError,
    ExportBusy,
    ExportInvalid,
    ExportRefused,
    ExportTokenInvalid,
    MethodRefused,
    TokenRefused,
)
from server.answers import refusal
from server.assembly import Assembly
from server.current import Served
from server.export_stream import ExportStream
from server.http import Leaving, Media
from server.live_operations import Headers
from server.origins import Origins
from server.pace import Graph, Turn
from server.wire import OBSERVER, REQUEST_ID

if TYPE_CHECKING:
    from insight.exports.files import File
    from insight.exports.manifest import Terms
    from insight.exports.writing import Format

PRODUCT = version("customer-graph")
NODES, EDGES, MANIFEST = "nodes", "edges", "manifest"
WORDS = {NODES: {"type", "fields", "format", "after"}, EDGES: {"types", "format", "after"}, MANIFEST: set[str]()}
"""What may stand in the address of each."""
LONGEST = 4096
WRITING = ThreadPoolExecutor(2, "exporting")
"""Making columns and packing them takes a tenth of a second a batch: it shares the processor with the loop."""

Made = TypeVar("Made")


@dataclass(slots=True)
class UnderWay:
    """The exports under way: so many at most, and one of each viewer."""

    most: int
    viewers: set[str] = field(default_factory=set)

    @contextmanager
    def of(self, subject: str) -> Iterator[None]:
        """Count one for as long as it takes. Raises ExportBusy."""
        if subject in self.viewers or len(self.viewers) >= self.most:
            raise ExportBusy
        self.viewers.add(subject)
        try:
            yield
        finally:
            self.viewers.discard(subject)


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for, as the address says it: `named` are fields or types of relationship, None for all."""

    what: str
    type: str | None
    named: tuple[str, ...] | None
    format: "Format"
    after: str | None

    @property
    def name(self) -> str:
        """In one line, without where it goes on."""
        return f"export {self.what} {self.type or ''} {','.join(self.named or ('*',))} {self.format}"


@dataclass(frozen=True, slots=True)
class Exports:
    """What answers on the three addresses."""

    assembly: Assembly
    database: Graph
    trail: Recorder
    authorization: Callable[[HttpRequest], Awaitable[str | None]]
    seconds: float
    under_way: UnderWay
    clock: Clock = now

    def routes(self) -> list[Route]:
        """Where they are answered."""
        return [Route(f"/export/{what}", Origins(self._at(what), self.assembly.origins)) for what in WORDS]

    def _at(self, what: str) -> ASGIApp:
        async def answer(scope: Scope, receive: Receive, send: Send) -> None:
            request = HttpRequest(scope, receive)
            await (await self.respond(what, request))(scope, receive, send)

        return answer

    async def respond(self, what: str, request: HttpRequest) -> Response:
        """The response to one request; refusals are responses too."""
        try:
            if request.method != "GET":
                raise MethodRefused("Use GET.")
            headers = replace(Headers.of(request.headers, {}), authorization=await self.authorization(request))
            viewer = await self.assembly.verifier.admit(headers.authorization, headers.role, headers.purpose)
            served = self.assembly.current.served
            view = served.view(viewer.role, viewer.purpose)
            if not view.exports:
                raise ExportRefused
            words = words_of(what, request)
            terms = await _aside(terms_of, served, view)
            if what == MANIFEST:
                with self.assembly.pace.of(viewer.subject).asking():
                    return _told(terms.offer())
            return await self._export(viewer, view, terms, asked(what, words), request)
        except TokenRefused as error:
            response = refusal(error, Media.GRAPHQL)
            if self.assembly.pace.enough_of(request.scope.get("client")):
                response.headers["connection"] = "close"
            return response
        except CustomerGraphError as error:
            return refusal(error, Media.GRAPHQL)

    async def _export(self, viewer: Viewer, view: View, terms: "Terms", asked: Asked, request: HttpRequest) -> Response:
        observer = request.scope.get(OBSERVER, UNOBSERVED)
        observer.asked(viewer.role, viewer.purpose, "export")
        turn = Turn(self.assembly.pace.of(viewer.subject), self.database)
        context = Request(
            viewer=viewer,
            view=view,
            database=turn,
            plans=self.assembly.plans,
            cipher=self.assembly.cipher,
            now=self.clock(),
            trail=self.trail,
            id=request.scope.get(REQUEST_ID, ""),
            observer=observer,
        )
        pieces = self._pieces(asked, context, terms, turn)
        with Leaving(request):
            first = await anext(pieces)  # what is refused is refused with a status, before anything was sent
        name = f"{asked.type or asked.what}.{asked.format.suffix}"
        return ExportStream(
            first, pieces, asked.format.media, {"content-disposition": f'attachment; filename="{name}"'}
        )

    async def _pieces(self, asked: Asked, context: Request, terms: "Terms", turn: Turn) -> AsyncGenerator[bytes, None]:
        """The file, piece by piece: each is on record before it is there. Raises refusals."""
        with self.under_way.of(context.viewer.subject), turn.caller.asking():
            plan = planned(asked, context.view)
            turn.charge(ONE_LOOK)
            export = self._of(asked, plan, context, terms)
            at = export.begun() if asked.after is None else export.opened(asked.after)
            file = await _aside(_file, plan, terms, asked.format, at, export)
            async with aclosing(export.pages(at)) as pages:
                async for page in pages:
                    at, after = page.next, export.sealed(page.next)
                    yield await _aside(file.batch, page.part.of, page.rows, after)
            yield await _aside(file.end, terms.at_the_end(_what(asked), at.rows, at.begun, self.clock()))

    def _of(self, asked: Asked, plan: NodeExport | tuple[EdgeExport, ...], context: Request, terms: "Terms") -> Export:
        pseudonymous = context.view.pseudonymous
        project = claim(context.viewer, context.view, PROJECT) if pseudonymous else ""
        parts: tuple[Part, ...]
        if isinstance(plan, NodeExport):
            parts, order = (of_nodes(plan, pseudonymous=pseudonymous),), [one.property.name for one in plan.fields]
        else:
            parts = tuple(of_edges(one, pseudonymous=pseudonymous) for one in plan)
            order = [f"{one.kind.type} {one.kind.source} {one.kind.target}" for one in plan]
        held = {"policy": terms.policy, "project": project}
        bond = Bond(f"export {asked.what} {asked.type or ''}", tuple(order), held)
        return Export(context, parts, asked.name, bond, self.seconds, self.clock)


def words_of(what: str, request: HttpRequest) -> Mapping[str, str]:
    """What stands in the address, each word once. Raises ExportInvalid."""
    given = request.query_params.multi_items()
    words = dict(given)
    if len(words) != len(given) or words.keys() - WORDS[what]:
        raise ExportInvalid
    return words


def asked(what: str, words: Mapping[str, str]) -> Asked:
    """What the words of an address ask for. Raises ExportInvalid and ExportTokenInvalid."""
    from insight.exports.writing import Format

    try:
        format_ = Format(words.get("format", Format.ARROW))
    except ValueError:
        raise ExportInvalid from None
    listed = words.get("fields" if what == NODES else "types")
    named = None if listed is None else tuple(name for name in listed.split(",") if name)
    if (what == NODES) is not ("type" in words) or named == ():
        raise ExportInvalid
    after = words.get("after")
    if after is not None and (format_ is not Format.ARROW or len(after) > LONGEST):
        raise ExportTokenInvalid
    return Asked(what, words.get("type"), named, format_, after)


def planned(asked: Asked, view: View) -> NodeExport | tuple[EdgeExport, ...]:
    """What is asked for, placed on the View. Raises ExportInvalid."""
    if asked.what == NODES:
        return plan_nodes(view, asked.type or "", asked.named)
    found = plan_edges(view, asked.named)
    if not found:
        raise ExportInvalid
    return found


def terms_of(served: Served, view: View) -> "Terms":
    """Under what exports of this View are made."""
    from insight.exports.manifest import Terms

    text = served.rules.policies[view.role].text
    return Terms(view, sha256(text.encode()).hexdigest()[:16], PRODUCT)


def _what(asked: Asked) -> dict[str, Any]:
    named = list(asked.named) if asked.named is not None else None
    return {"nodes": asked.type, "fields": named} if asked.what == NODES else {"edges": named}


def _file(
    plan: NodeExport | tuple[EdgeExport, ...], terms: "Terms", format_: "Format", at: Position, export: Export
) -> "File":
    from insight.exports.files import file_of

    return file_of(plan, terms, format_, at.begun, export.sealer.pseudonym)


async def _aside(make: Callable[..., Made], *of: Any) -> Made:
    """What takes a while to make, made in a thread."""
    return await asyncio.get_running_loop().run_in_executor(WRITING, make, *of)


def _told(body: Mapping[str, Any]) -> Response:
    return Response(
        orjson.dumps(body), headers={"content-type": "application/json", "cache-control": "no-store, no-transform"}
    )
