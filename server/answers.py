"""Answers: results and refusals as the body and the status of a response. Every error that leaves has a code."""

import logging
from collections.abc import Sequence
from typing import Any

import orjson
from graphql import ExecutionResult, GraphQLError
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from resolvers.read import coded
from schema.errors import CustomerGraphError, DocumentInvalid, OverBudget, every_error
from server.http import Media

log = logging.getLogger(__name__)

STATUS = {error.code: error.status for error in every_error()}
HEADERS = {
    401: {"www-authenticate": "Bearer"},
    405: {"allow": "GET, POST"},
    503: {"retry-after": "2"},
}


CODES = "customer_graph.codes"


class Told(Response):
    """A response that leaves the codes of its errors with the request, for whoever counts them."""

    codes: tuple[str, ...] = ()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it."""
        scope[CODES] = self.codes
        await super().__call__(scope, receive, send)


def refusal(error: CustomerGraphError, media: Media) -> Response:
    """The answer to a request that is refused before anything is executed."""
    return refused([coded(error)], media)


def refused(errors: Sequence[GraphQLError], media: Media) -> Response:
    """A response without data, since nothing was executed."""
    response = encoded({"errors": [formatted(error) for error in errors]}, status_of(errors, media), media)
    if (seconds := (errors[0].extensions or {}).get("retryAfter")) is not None:
        response.headers["retry-after"] = str(seconds)
    return response


def answer(result: ExecutionResult, media: Media) -> Response:
    """The answer to an execution. Data is there if and only if execution began."""
    errors = [safe(error) for error in result.errors or ()]
    if result.data is None and not any(error.path for error in errors):
        return refused(errors or [coded(CustomerGraphError())], media)
    body: dict[str, Any] = {"errors": [formatted(error) for error in errors]} if errors else {}
    body["data"] = result.data
    if result.extensions:
        body["extensions"] = result.extensions
    return encoded(body, 200, media)


def status_of(errors: Sequence[GraphQLError], media: Media) -> int:
    """The status of a response without data.

    Clients that only know application/json read the body of a 200 alone, so what is wrong with the document is told
    in one; who may not ask, and what we cannot do, has its status under both media types.
    """
    code = str((errors[0].extensions or {}).get("code"))
    status = STATUS.get(code, CustomerGraphError.status)
    return 200 if media is Media.JSON and code in TOLD_IN_A_200 else status


TOLD_IN_A_200 = frozenset(
    error.code for error in every_error() if error.status == 400 and error.code[2] in "23" and error.code != "CG204"
)


def safe(error: GraphQLError) -> GraphQLError:
    """The error with a code; one that nobody expected keeps its place in the answer and nothing else."""
    if "code" in (error.extensions or {}):
        return error
    path, origin = error.path, error.original_error
    if isinstance(origin, CustomerGraphError):
        return coded(origin, list(path) if path else None)
    if isinstance(origin, RecursionError):
        return coded(OverBudget(), list(path) if path else None)
    log.error("An error that nobody expected: %s", type(origin or error).__name__)
    return coded(CustomerGraphError(), list(path) if path else None)


def formatted(error: GraphQLError) -> dict[str, Any]:
    """An error as it stands in a response."""
    made: dict[str, Any] = {"message": error.message}
    if error.locations:
        made["locations"] = [{"line": place.line, "column": place.column} for place in error.locations]
    if error.path:
        made["path"] = error.path
    made["extensions"] = error.extensions or DocumentInvalid().extensions
    return made


def encoded(body: dict[str, Any], status: int, media: Media) -> Response:
    """A response in JSON."""
    headers = {"content-type": f"{media}; charset=utf-8", "cache-control": "no-store", **HEADERS.get(status, {})}
    response = Told(orjson.dumps(body), status, headers)
    if "errors" in body:
        response.codes = tuple(str(error["extensions"].get("code")) for error in body["errors"])
    return response
