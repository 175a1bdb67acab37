"""The GraphQL endpoint: who asks, what is asked, the answer. Nothing of a request is read before its token is verified.

Our own rather than Strawberry's view, which knows neither the newer media type with its statuses nor a limit for
bodies, and reads the body before anyone has said who asks.
"""

import logging
from dataclasses import dataclass
from datetime import UTC, datetime

from graphql import DocumentNode, ExecutionResult, GraphQLError, OperationDefinitionNode
from starlette.requests import Request as HttpRequest
from starlette.responses import RedirectResponse, Response
from starlette.types import Receive, Scope, Send

from auth.disclosure import Recorder
from auth.token import Viewer
from resolvers.observe import UNOBSERVED, Observer
from resolvers.read import Reader, Request
from resolvers.read import answer as answered
from resolvers.role_schema import RoleSchema
from schema.errors import CustomerGraphError, MethodRefused, TokenRefused
from server.answers import answer, refusal, refused
from server.assembly import Assembly
from server.documents import DOCUMENT, is_query
from server.http import Leaving, Media, Question, media_of, question_of
from server.limits import check_variables
from server.pace import Turn

log = logging.getLogger(__name__)
REQUEST_ID = "customer_graph.request_id"
OBSERVER = "customer_graph.observer"


@dataclass(frozen=True, slots=True)
class GraphQL:
    """An ASGI application that answers GraphQL over HTTP on one path."""

    assembly: Assembly
    database: Reader
    trail: Recorder

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
            viewer = await self.assembly.verifier.admit(
                joined(request, "authorization"), joined(request, "x-role"), joined(request, "x-purpose")
            )
            with self.assembly.pace.of(viewer.subject).asking():
                question = await question_of(request, self.assembly.max_body_bytes)
                with Leaving(request):
                    return await self.ask(
                        viewer,
                        question,
                        media,
                        reading=request.method == "GET",
                        request_id=request.scope.get(REQUEST_ID, ""),
                        telling=request.headers.get("x-cost") == "true",
                        observer=request.scope.get(OBSERVER, UNOBSERVED),
                    )
        except TokenRefused as error:
            response = refusal(error, media)
            if self.assembly.pace.enough_of(request.scope.get("client")):
                response.headers["connection"] = "close"
            return response
        except CustomerGraphError as error:
            return refusal(error, media)

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
    ) -> Response:
        """The answer to a question; `reading` refuses what would change something, `telling` adds what it cost."""
        schema = self.assembly.schemas[viewer.role]
        turn = Turn(self.assembly.pace.of(viewer.subject), self.database)
        document = self.assembly.documents.held(viewer.role, question.text)
        if document is None:
            turn.fresh()
            document = await self.assembly.documents.read_in_turn(schema, question.text)
        if document.errors:
            return refused(document.errors, media)
        operation = document.operation(question.operation)
        if reading and not is_query(operation):
            raise MethodRefused
        observer.asked(viewer.role, viewer.purpose, operation.operation.value)
        check_variables(question.variables)
        context = Request(
            viewer=viewer,
            view=self.assembly.rules.views[viewer.role, viewer.purpose],
            database=turn,
            plans=self.assembly.plans,
            cipher=self.assembly.cipher,
            now=datetime.now(UTC),
            trail=self.trail,
            id=request_id,
            budget=self.assembly.budget,
            pace=turn,
            observer=observer,
        )
        if is_query(operation) and document.node is not None:
            result = await read(schema, document.node, question, operation, context)
            if telling and turn.cost is not None:
                result.extensions = {"cost": turn.cost.told(self.assembly.budget)}
            return answer(result, media)
        executed = await schema.execute(
            question.text,
            variable_values=dict(question.variables),
            context_value=context,
            operation_name=question.operation,
            operation_extensions={DOCUMENT: document.node},
        )
        return answer(ExecutionResult(executed.data, executed.errors), media)


async def read(
    schema: RoleSchema, document: DocumentNode, question: Question, operation: OperationDefinitionNode, context: Request
) -> ExecutionResult:
    """The answer to a query, without what Strawberry puts around every execution: it took longer than all of ours."""
    try:
        return await answered(schema, document, question.text, operation, question.variables, context)
    except Exception as problem:  # whatever it is, the answer says no more than its code
        return ExecutionResult(None, [GraphQLError("", original_error=problem)])


def joined(request: HttpRequest, name: str) -> str | None:
    """A header's value; one that is sent several times comes joined by commas (RFC 9110, section 5.3)."""
    return ", ".join(request.headers.getlist(name)) or None


def from_an_address_bar(request: HttpRequest) -> bool:
    """Whether someone typed the address of the API into a browser, without a question."""
    return request.method == "GET" and not request.url.query and "text/html" in (joined(request, "accept") or "")
