"""The GraphQL endpoint: who asks, what is asked, the answer. Nothing of a request is read before its token is verified.

Our own rather than Strawberry's view, which knows neither the newer media type with its statuses nor a limit for
bodies, and reads the body before anyone has said who asks.
"""

import logging
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import aclosing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from graphql import DocumentNode, ExecutionResult, GraphQLError, OperationDefinitionNode, OperationType
from starlette.requests import Request as HttpRequest
from starlette.responses import RedirectResponse, Response
from starlette.types import Receive, Scope, Send

from auth.disclosure import Recorder
from auth.token import Viewer
from ingest.why import why
from insight.api import WAYS
from resolvers.change import change
from resolvers.observe import UNOBSERVED, Observer
from resolvers.read import Request
from resolvers.read import answer as answered
from resolvers.role_schema import RoleSchema
from resolvers.unknown_fields import Fitted
from schema.errors import CustomerGraphError, MethodRefused, StreamEnded, StreamNeeded, TokenRefused
from server.answers import answer, refusal, refused
from server.assembly import Assembly
from server.current import Served
from server.documents import Document, is_query
from server.http import Leaving, Media, Question, media_of, question_of
from server.limits import check_variables
from server.live import Live
from server.live_operations import Headers, Operations
from server.live_sse import EventStream, takes_events, wants_events
from server.pace import Graph, Turn
from server.wire import OBSERVER, REQUEST_ID

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class GraphQL:
    """An ASGI application that answers GraphQL over HTTP on one path."""

    assembly: Assembly
    database: Graph
    trail: Recorder
    live: Live

    @property
    def operations(self) -> Operations:
        """What streams of any protocol need of this."""
        return Operations(self.admit, self.results, self.live.stopping)

    async def admit(self, headers: Headers) -> Viewer:
        """Who asks. Raises what a token, a role or a purpose is refused with."""
        return await self.assembly.verifier.admit(headers.authorization, headers.role, headers.purpose)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        request = HttpRequest(scope, receive)
        response = await self.respond(request)
        await response(scope, receive, send)

    async def respond(self, request: HttpRequest) -> Response:
        """The response to one request; refusals are responses too."""
        media = media_of(joined(request, "accept"))
        if from_an_address_bar(request):
            return RedirectResponse("/graphiql", 303)
        try:
            if request.method not in ("GET", "POST"):
                raise MethodRefused
            headers = replace(Headers.of(request.headers, {}), authorization=await self.authorization(request))
            viewer = await self.admit(headers)
            reading, request_id = request.method == "GET", request.scope.get(REQUEST_ID, "")
            accept = joined(request, "accept")

            def stream(question: Question) -> Response:
                return EventStream(self.results(viewer, headers, question, request_id, reading=reading))

            if wants_events(accept):
                return stream(await question_of(request, self.assembly.max_body_bytes))
            with self.assembly.pace.of(viewer.subject).asking():
                question = await question_of(request, self.assembly.max_body_bytes)
                with Leaving(request):
                    return await self.ask(
                        viewer,
                        question,
                        media,
                        reading=reading,
                        request_id=request_id,
                        telling=request.headers.get("x-cost") == "true",
                        observer=request.scope.get(OBSERVER, UNOBSERVED),
                        stream=stream if takes_events(accept) else None,
                    )
        except TokenRefused as error:
            response = refusal(error, media)
            if self.assembly.pace.enough_of(request.scope.get("client")):
                response.headers["connection"] = "close"
            return response
        except CustomerGraphError as error:
            return refusal(error, media)

    async def authorization(self, request: HttpRequest) -> str | None:
        """The token that the request brings: in its header, else by the session of a browser that signed in."""
        brought = joined(request, "authorization")
        if brought is not None or self.assembly.login is None:
            return brought
        return await self.assembly.login.authorization(request)

    async def ask(
        self,
        viewer: Viewer,
        question: Question,
        media: Media,
        *,
        reading: bool = False,
        request_id: str = "",
        telling: bool = False,
        observer: Observer = UNOBSERVED,
        stream: Callable[[Question], Response] | None = None,
    ) -> Response:
        """The answer to a question; `reading` refuses what would change something, `telling` adds what it cost.

        A subscription is answered by a `stream`, where the client takes one.
        """
        asked = await self._asked(viewer, question)
        if isinstance(asked, Document):
            return refused(asked.errors, media)
        if asked.is_subscription:
            if stream is None:
                raise StreamNeeded
            return stream(question)
        if reading and not is_query(asked.operation):
            raise MethodRefused
        observer.asked(viewer.role, viewer.purpose, asked.operation.operation.value)
        result = await self._result(viewer, asked, request_id, observer)
        if telling and asked.turn.cost is not None:
            result.extensions = {**(result.extensions or {}), "cost": asked.turn.cost.told(self.assembly.budget)}
        return answer(result, media)

    async def results(
        self, viewer: Viewer, headers: Headers, question: Question, request_id: str, *, reading: bool = False
    ) -> AsyncGenerator[ExecutionResult, None]:
        """The results of a question as a stream tells them: one, or the events of a subscription. Raises refusals."""
        caller = self.assembly.pace.of(viewer.subject)
        with caller.asking():
            asked = await self._asked(viewer, question)
            if isinstance(asked, Document):
                yield ExecutionResult(None, list(asked.errors))
                return
            if reading and asked.operation.operation is OperationType.MUTATION:
                raise MethodRefused
            if not asked.is_subscription:
                yield await self._result(viewer, asked, request_id)
                return

        async def renew() -> Request:
            viewer = await self.admit(headers)
            if self.assembly.current.served is not asked.served:
                raise StreamEnded  # other policies are in force, and perhaps another schema
            return self._request(viewer, asked, request_id)

        events = self.live.follow(viewer, caller, asked.schema, asked.node, asked.question, asked.operation, renew)
        async with aclosing(events):
            async for event in events:
                yield asked.told(event)

    async def _asked(self, viewer: Viewer, question: Question) -> "Asked | Document":
        """The question against the schema of the role; a document where it has errors."""
        served = self.assembly.current.served
        served.view(viewer.role, viewer.purpose)
        schema = served.schemas[viewer.role]
        turn = Turn(self.assembly.pace.of(viewer.subject), self.database)
        trusted = served.trusted.asked(viewer.role, question)
        less = None
        if trusted is not None:
            question, document, less = replace(question, text=trusted.text), trusted.document, trusted.less
        elif (held := served.documents.held(viewer.role, question.text)) is not None:
            document = held
        else:
            turn.fresh()
            document = await served.documents.read_in_turn(schema, question.text)
        if document.errors or document.node is None:
            return document
        operation = document.operation(question.operation)
        check_variables(question.variables)
        return Asked(served, schema, question, document.node, operation, turn, less)

    async def _result(
        self, viewer: Viewer, asked: "Asked", request_id: str, observer: Observer = UNOBSERVED
    ) -> ExecutionResult:
        way = answered if is_query(asked.operation) else change
        return asked.told(await safely(way, asked, self._request(viewer, asked, request_id, observer)))

    def _request(self, viewer: Viewer, asked: "Asked", request_id: str, observer: Observer = UNOBSERVED) -> Request:
        served = asked.served
        return Request(
            viewer=viewer,
            view=served.view(viewer.role, viewer.purpose),
            database=asked.turn,
            plans=served.plans,
            cipher=self.assembly.cipher,
            now=datetime.now(UTC),
            trail=self.trail,
            id=request_id,
            budget=self.assembly.budget,
            pace=asked.turn,
            observer=observer,
            reveals=self.assembly.reveals,
            policies=served.rules.policies,
            views=served.rules.views,
            tell=self.live.hub.tell,
            compare=why,
            ways=WAYS,
            contact_rules=self.assembly.contact_rules,
            keys=self.assembly.vault,
            dictionary=self.assembly.dictionary,
            governance=self.assembly.governance,
            journey=self.assembly.journey,
        )


@dataclass(frozen=True, slots=True)
class Asked:
    """A valid question: what was in force when it came, the operation of its document in the schema of the role, the
    turn that counts it, and, for a trusted document that asks for more than the role has, what it was made less by.
    """

    served: Served
    schema: RoleSchema
    question: Question
    node: DocumentNode
    operation: OperationDefinitionNode
    turn: Turn
    less: Fitted | None

    @property
    def is_subscription(self) -> bool:
        """Whether its results are events."""
        return self.operation.operation is OperationType.SUBSCRIPTION

    def told(self, result: ExecutionResult) -> ExecutionResult:
        """A result with null in place of the fields that the role lacks, and said to be."""
        if self.less is None:
            return result
        absences = self.less.absences.get(self.operation.name.value if self.operation.name else None, ())
        said = {"withheld": [one.told() for one in absences]}
        return ExecutionResult(self.less.restored(result.data), result.errors, {**(result.extensions or {}), **said})


Way = Callable[
    [RoleSchema, DocumentNode, str, OperationDefinitionNode, Mapping[str, Any], Request], Awaitable[ExecutionResult]
]


async def safely(way: Way, asked: Asked, context: Request) -> ExecutionResult:
    """The answer, without what Strawberry puts around every execution: it took longer than all of ours."""
    question = asked.question
    try:
        return await way(asked.schema, asked.node, question.text, asked.operation, question.variables, context)
    except Exception as problem:  # whatever it is, the answer says no more than its code
        return ExecutionResult(None, [GraphQLError("", original_error=problem)])


def joined(request: HttpRequest, name: str) -> str | None:
    """A header's value; one that is sent several times comes joined by commas (RFC 9110, section 5.3)."""
    return ", ".join(request.headers.getlist(name)) or None


def from_an_address_bar(request: HttpRequest) -> bool:
    """Whether someone typed the address of the API into a browser, without a question."""
    return request.method == "GET" and not request.url.query and "text/html" in (joined(request, "accept") or "")
