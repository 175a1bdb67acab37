"""GraphQL over HTTP, the part before GraphQL: what a request asks, and in which form it wants its answer.

Follows the GraphQL over HTTP specification; where it leaves a choice, docs/decisions/0006-http.md says what and why.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

import orjson
from starlette.requests import ClientDisconnect, Request

from schema.errors import BodyTooLarge, ContentTypeRefused, RequestInvalid

SECONDS_FOR_A_BODY = 10.0
SECONDS_BEFORE_LOOKING = 0.5


class Media(StrEnum):
    """The two media types of an answer."""

    GRAPHQL = "application/graphql-response+json"
    JSON = "application/json"


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked; values may be personal data, so the printed form shows none.

    With an `id`, in place of a text, it is a trusted document; `nulls` asks for null where it names unknown fields.
    """

    text: str
    variables: Mapping[str, Any]
    operation: str | None
    id: str | None = None
    nulls: bool = False

    def __repr__(self) -> str:
        return "Question(...)"


def media_of(accept: str | None) -> Media:
    """The media type that the client likes best of the two; JSON for clients that do not say.

    Wildcards count as not saying: clients that know the newer type name it.
    """
    best, weight = Media.JSON, 0.0
    for part in (accept or "").split(","):
        name, *parameters = (piece.strip().lower() for piece in part.split(";"))
        liked = next((_weight(one) for one in parameters if one.startswith("q=")), 1.0)
        if name in (Media.GRAPHQL, Media.JSON) and liked > weight:
            best, weight = Media(name), liked
    return best


def _weight(parameter: str) -> float:
    try:
        return float(parameter.removeprefix("q="))
    except ValueError:
        return 0.0


class Leaving:
    """Ends the work for a client that has left: the task within is cancelled, and its statements with it.

    Begins to look after half a second: most answers are gone by then, and have cost nothing more than a timer. The
    body must have been read before. Raises RequestInvalid in place of the cancellation.
    """

    def __init__(self, request: Request) -> None:
        self._request = request
        self._watch: asyncio.Task[None] | None = None
        self._left = False

    def __enter__(self) -> None:
        self._work = asyncio.current_task()
        self._timer = asyncio.get_running_loop().call_later(SECONDS_BEFORE_LOOKING, self._look)

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._timer.cancel()
        if self._watch is not None:
            self._watch.cancel()
        if self._left and kind is asyncio.CancelledError:
            raise RequestInvalid("The client has left.") from None

    def _look(self) -> None:
        self._watch = asyncio.ensure_future(self._until_gone())

    async def _until_gone(self) -> None:
        while (await self._request.receive())["type"] != "http.disconnect":
            continue
        self._left = True
        if self._work is not None:
            self._work.cancel()


async def question_of(request: Request, most: int) -> Question:
    """What a POST or a GET asks. Raises RequestInvalid, ContentTypeRefused and BodyTooLarge."""
    nulls = nulls_for_unknown_fields(request.headers.getlist("x-unknown-fields"))
    if request.method == "GET":
        return replace(_from_address(request), nulls=nulls)
    demand_json(request.headers.getlist("content-type"))
    return replace(_from_object(parsed(await body_of(request, most))), nulls=nulls)


def nulls_for_unknown_fields(named: list[str]) -> bool:
    """Whether the header X-Unknown-Fields asks for nulls; not said, or said `refuse`, it does not. RequestInvalid."""
    if named in ([], ["refuse"]):
        return False
    if named == ["null"]:
        return True
    raise RequestInvalid("The header X-Unknown-Fields must be 'null' or 'refuse'.")


def demand_json(types: list[str]) -> None:
    """JSON in UTF-8, said once: a type that a browser sends to strangers unasked is refused. ContentTypeRefused."""
    name, *parameters = (piece.strip().lower() for piece in (types[0] if len(types) == 1 else "").split(";"))
    charsets = [one.removeprefix("charset=").strip('"') for one in parameters if one.startswith("charset=")]
    if name != Media.JSON or any(charset not in ("utf-8", "utf8") for charset in charsets):
        raise ContentTypeRefused


async def body_of(request: Request, most: int) -> bytes:
    """The body, of which never more than `most` bytes are kept. Raises BodyTooLarge and RequestInvalid."""
    announced = request.headers.get("content-length", "0")
    if not announced.isdecimal() or int(announced[:12]) > most:
        raise BodyTooLarge
    pieces: list[bytes] = []
    size = 0
    try:
        async with asyncio.timeout(SECONDS_FOR_A_BODY):
            async for piece in request.stream():
                size += len(piece)
                if size > most:
                    raise BodyTooLarge
                pieces.append(piece)
    except (TimeoutError, ClientDisconnect):
        raise RequestInvalid("The body of the request did not arrive in time.") from None
    return b"".join(pieces)


def parsed(text: bytes | str) -> Any:
    """JSON of any kind. Raises RequestInvalid, also for what is nested too deeply; a name given twice counts once."""
    try:
        return orjson.loads(text)
    except (ValueError, RecursionError):
        raise RequestInvalid from None


def _from_address(request: Request) -> Question:
    asked: dict[str, Any] = {}
    for name, value in request.query_params.multi_items():
        if name in asked:
            raise RequestInvalid(f"Give each of query, variables and operationName once. {RequestInvalid.advice}")
        if name in ("query", "operationName", "documentId"):
            asked[name] = value or None
        elif name in ("variables", "extensions"):
            asked[name] = parsed(value) if value else None
    return _from_object(asked)


def question_in(asked: Any) -> Question:
    """The question in a JSON object that came by another way than a body. Raises RequestInvalid."""
    return _from_object(asked)


def _from_object(asked: Any) -> Question:
    """The question in a JSON object; members that the specification does not know are left aside."""
    if not isinstance(asked, dict):
        raise RequestInvalid
    text, variables, operation = asked.get("query"), asked.get("variables"), asked.get("operationName")
    extensions, id_ = asked.get("extensions"), asked.get("documentId")
    if not isinstance(extensions, dict | None):
        raise RequestInvalid("'extensions' must be an object.")
    if id_ is None and text is None:
        id_ = _apollos_id(extensions)
    if id_ is not None:
        if not isinstance(id_, str) or text is not None:
            raise RequestInvalid("'documentId' must be the id of a trusted document, in place of 'query'.")
        text = ""
    elif not isinstance(text, str) or not text.strip():
        raise RequestInvalid("'query' must be a GraphQL document.")
    if variables is not None and not isinstance(variables, dict):
        raise RequestInvalid("'variables' must be an object.")
    if operation is not None and not isinstance(operation, str):
        raise RequestInvalid("'operationName' must be a name.")
    return Question(text, variables or {}, operation or None, id_)


def _apollos_id(extensions: Mapping[str, Any] | None) -> Any:
    """The id in Apollo's form. Only listed documents have one: a text that comes along registers nothing."""
    held = (extensions or {}).get("persistedQuery")
    return held.get("sha256Hash") if isinstance(held, dict) else None
