"""The GraphQL endpoint: who asks, what is asked, the answer. Nothing of a request is read before its token is verified.

Our own rather than Strawberry's view, which knows neither the newer media type with its statuses nor a limit for
bodies, and reads the body before anyone has said who asks.
"""

import logging
from dataclasses import dataclass
from datetime import UTC, datetime

from graphql import ExecutionResult
from starlette.requests import Request as HttpRequest
from starlette.responses import RedirectResponse, Response
from starlette.types import Receive, Scope, Send

from auth.token import Viewer
from resolvers.read import Reader, Request
from schema.errors import CustomerGraphError, MethodRefused
from server.answers import answer, refusal, refused
from server.assembly import Assembly
from server.documents import DOCUMENT, is_query
from server.http import Media, Question, media_of, question_of

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class GraphQL:
    """An ASGI application that answers GraphQL over HTTP on one path."""

    assembly: Assembly
    database: Reader

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
            question = await question_of(request, self.assembly.max_body_bytes)
            return await self.ask(viewer, question, media, reading=request.method == "GET")
        except CustomerGraphError as error:
            return refusal(error, media)

    async def ask(self, viewer: Viewer, question: Question, media: Media, *, reading: bool = False) -> Response:
        """The answer to a question; `reading` refuses what would change something."""
        schema = self.assembly.schemas[viewer.role]
        document = self.assembly.documents.read(schema, question.text)
        if document.errors:
            return refused(document.errors, media)
        operation = document.operation(question.operation)
        if reading and not is_query(operation):
            raise MethodRefused
        result = await schema.execute(
            question.text,
            variable_values=dict(question.variables),
            context_value=Request(
                viewer=viewer,
                view=self.assembly.rules.views[viewer.role, viewer.purpose],
                database=self.database,
                plans=self.assembly.plans,
                cipher=self.assembly.cipher,
                now=datetime.now(UTC),
                budget=self.assembly.budget,
            ),
            operation_name=question.operation,
            operation_extensions={DOCUMENT: document.node},
        )
        return answer(ExecutionResult(result.data, result.errors), media)


def joined(request: HttpRequest, name: str) -> str | None:
    """A header's value; one that is sent several times comes joined by commas (RFC 9110, section 5.3)."""
    return ", ".join(request.headers.getlist(name)) or None


def from_an_address_bar(request: HttpRequest) -> bool:
    """Whether someone typed the address of the API into a browser, without a question."""
    return request.method == "GET" and not request.url.query and "text/html" in (joined(request, "accept") or "")
