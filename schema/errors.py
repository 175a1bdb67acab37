"""Every refusal this product can give: one hierarchy, stable codes, no personal data.

Codes are grouped by the stage that refuses: 1xx token, 2xx schema, 3xx budget, 4xx database,
5xx ingest, 6xx privacy, 9xx set-up. A code once given is never given again. A message says what to do; it never
holds a value that came from the graph or from a request.
"""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar


class CustomerGraphError(Exception):
    """A refusal with a stable code. `str(error)` is safe to show to the client."""

    code: ClassVar[str] = "CG000"
    status: ClassVar[int] = 500
    advice: ClassVar[str] = "Try again; if it stays, tell the operator the code and the time."

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or self.advice)

    @property
    def extensions(self) -> dict[str, Any]:
        """What a GraphQL error carries beside its message."""
        return {"code": self.code}


# 1xx: who asks


class TokenRefused(CustomerGraphError):
    """The bearer token is missing, malformed, forged, expired or meant for someone else.

    One answer for all of them, so that a refusal teaches an attacker nothing.
    """

    code = "CG101"
    status = 401
    advice = "Send a valid token in the header 'Authorization: Bearer <token>'."


class RoleRefused(CustomerGraphError):
    """The token does not carry the role that X-Role names, or carries several and none was named."""

    code = "CG102"
    status = 403
    advice = "Name one role of your token in the header X-Role."


class PurposeRefused(CustomerGraphError):
    """The purpose in X-Purpose is not one the role may work for."""

    code = "CG103"
    status = 403
    advice = "Name one purpose that your role may work for in the header X-Purpose."


class ClaimMissing(CustomerGraphError):
    """The role's rules need a claim that the token does not carry, or carries in another type."""

    code = "CG104"
    status = 403
    advice = "Ask your identity provider for a token with the claims that your role needs."


class KeysUnavailable(CustomerGraphError):
    """No key to verify tokens with was ever loaded: the identity provider cannot be reached."""

    code = "CG105"
    status = 503
    advice = "The keys of the identity provider cannot be reached just now. Try again in a few seconds."


# 2xx: what is asked


class DocumentInvalid(CustomerGraphError):
    """The document does not parse or does not fit the role's schema."""

    code = "CG201"
    status = 400
    advice = "Check the document against the schema of your role: customer-graph schema --role R."


class ValueInvalid(CustomerGraphError):
    """A variable or a literal does not fit its type."""

    code = "CG202"
    status = 400
    advice = "Check the values against their types in the schema of your role."


class CursorInvalid(CustomerGraphError):
    """The cursor was not made by this server for this viewer, filter and order."""

    code = "CG203"
    status = 400
    advice = "Use a cursor only with the role, purpose, filter and order that it came from; start again without one."


class RequestInvalid(CustomerGraphError):
    """The HTTP request is not one of GraphQL over HTTP."""

    code = "CG204"
    status = 400
    advice = "POST a JSON object with 'query' and, where needed, 'variables' and 'operationName'."


class MethodRefused(CustomerGraphError):
    """The HTTP method does not fit the operation."""

    code = "CG205"
    status = 405
    advice = "Use POST."


class ContentTypeRefused(CustomerGraphError):
    """The body of the request is not said to be JSON in UTF-8."""

    code = "CG206"
    status = 415
    advice = "Send the header 'Content-Type: application/json'."


# 3xx: how much is asked


class OverBudget(CustomerGraphError):
    """The document is too deep, too broad or would return too many rows."""

    code = "CG301"
    status = 400
    advice = "Ask for fewer fields, fewer levels or smaller pages."

    def __init__(self, message: str | None = None, cost: Mapping[str, object] | None = None) -> None:
        super().__init__(message)
        self.cost = cost

    @property
    def extensions(self) -> dict[str, Any]:
        """The code, and what was asked for beside what is allowed where that is known."""
        return super().extensions if self.cost is None else {**super().extensions, "cost": self.cost}


class BodyTooLarge(CustomerGraphError):
    """The request body is larger than the server reads."""

    code = "CG302"
    status = 413
    advice = "Send a smaller request; move values into variables and split the work."


class TooOften(CustomerGraphError):
    """The viewer asked too much within a minute; it depends on nothing but what the same viewer asked before."""

    code = "CG303"
    status = 429
    advice = "Wait as long as the header Retry-After says."

    def __init__(self, message: str | None = None, seconds: int = 1) -> None:
        super().__init__(message)
        self.seconds = seconds

    @property
    def extensions(self) -> dict[str, Any]:
        """The code, and for how many seconds to wait."""
        return {**super().extensions, "retryAfter": self.seconds}


class TooManyAtOnce(CustomerGraphError):
    """The viewer has more requests under way than one may have."""

    code = "CG304"
    status = 429
    advice = "Wait for an answer before you ask more."

    @property
    def extensions(self) -> dict[str, Any]:
        """The code, and for how many seconds to wait."""
        return {**super().extensions, "retryAfter": 1}


class HeadersTooLarge(CustomerGraphError):
    """The request line and its headers are larger than the server reads."""

    code = "CG305"
    status = 431
    advice = "Send smaller headers; send the question by POST."


# 4xx: the database


class DatabaseUnavailable(CustomerGraphError):
    """Neo4j cannot be reached just now."""

    code = "CG401"
    status = 503
    advice = "The database cannot be reached just now. Try again in a few seconds."


class StatementTimedOut(CustomerGraphError):
    """The statement ran longer than it may."""

    code = "CG402"
    status = 503
    advice = "The question took too long. Ask for fewer rows or a narrower filter."


class StatementRefused(CustomerGraphError):
    """Neo4j refused a statement of ours: a defect, told to the operator by its code alone."""

    code = "CG403"
    status = 500
    advice = "The database refused the statement. Tell the operator the code and the time."


class DatabaseLoginRefused(CustomerGraphError):
    """Neo4j does not accept our user name and password."""

    code = "CG404"
    status = 503
    advice = "The database refuses our user name or password. Tell the operator: NEO4J_USERNAME and NEO4J_PASSWORD."


class TrailUnavailable(CustomerGraphError):
    """What would be disclosed cannot be put on record durably, and so is not disclosed."""

    code = "CG405"
    status = 503
    advice = (
        "Looks at personal data cannot be recorded just now, so none is shown. Tell the operator: disk of the trail."
    )


class RecordIncomplete(CustomerGraphError):
    """A record in the graph lacks a value that the schema promises."""

    code = "CG408"
    status = 500
    advice = "A record lacks a value that it must have. Tell the data steward the path of this error."


class ServerStopping(CustomerGraphError):
    """The server was told to end, and this request would have taken longer than it may then."""

    code = "CG413"
    status = 503
    advice = "The server is being stopped. Ask again in a few seconds; another will answer."


# 5xx: ingest


class SourceInvalid(CustomerGraphError):
    """A source folder or export file cannot be read as what it should be."""

    code = "CG501"
    status = 400
    advice = "Check the folder against the list of export files in examples/README.md."


# 9xx: set-up


class PolicyInvalid(CustomerGraphError):
    """A policy names something unknown or says something that cannot be. The server does not start."""

    code = "CG901"
    advice = "Correct the policy file and run customer-graph policy check."


class SettingInvalid(CustomerGraphError):
    """A setting is missing or wrong. The server does not start."""

    code = "CG902"
    advice = "Correct the setting; customer-graph doctor shows all of them."


class EmbeddedDatabaseFailed(CustomerGraphError):
    """The embedded Neo4j could not be installed or started."""

    code = "CG903"
    advice = "Run customer-graph doctor; it says what is missing and what to do."


class DataFolderBusy(CustomerGraphError):
    """Another process already works on the data folder."""

    code = "CG904"
    advice = "Another customer-graph uses this data folder. Stop it or name another with --data."


class ModelInvalid(CustomerGraphError):
    """A node type is declared in a way that the graph cannot hold. The import fails."""

    code = "CG905"
    advice = "Correct the declaration of the node type."


class ClaimInvalid(CustomerGraphError):
    """A claim on the command line is not of the form name=value, of another type, or not ours to set."""

    code = "CG906"
    advice = "Write each claim as name=value, such as regions=GB,US."


class TrailDamaged(CustomerGraphError):
    """The trail of disclosures is not what was written. The server does not go on writing it."""

    code = "CG908"
    advice = "Run customer-graph trail verify, keep the folder as it is, and tell the auditor."


class MigrationInvalid(CustomerGraphError):
    """The graph's record of migrations and the files of this version do not fit. The server does not start."""

    code = "CG907"
    advice = "Start the version of customer-graph that last worked on this graph, or a newer one."


def every_error() -> Iterator[type[CustomerGraphError]]:
    """All error classes, in the order of their codes; the documentation is made from it."""
    yield from sorted(CustomerGraphError.__subclasses__(), key=lambda error: error.code)
