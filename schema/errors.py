"""Every refusal this product can give: one hierarchy, stable codes, no personal data.

Codes are grouped by the stage that refuses: 1xx token, 2xx schema, 3xx budget, 4xx database,
5xx ingest, 6xx privacy, 7xx insight and exports, 9xx set-up. A code once given is never given again. A message says
what to do; it never holds a value that came from the graph or from a request.
"""

import inspect
import sys
from collections.abc import Iterator, Mapping, Sequence
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


class SignInRefused(CustomerGraphError):
    """A sign-in did not end as it began: cancelled, too late, in another browser, or with tokens that do not count.

    One answer for all of them.
    """

    code = "CG106"
    status = 400
    advice = "The sign-in did not succeed. Start again at /login; if it stays, tell the operator the code and the time."


class ProviderUnavailable(CustomerGraphError):
    """The identity provider cannot be reached to sign in, or to renew a session."""

    code = "CG107"
    status = 503
    advice = "The identity provider cannot be reached just now. Try again in a few seconds."


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


class CrossOriginRefused(CustomerGraphError):
    """A page of another site asks through someone's browser, and its origin is not one that the server trusts."""

    code = "CG220"
    status = 403
    advice = "Name the page's origin in CUSTOMER_GRAPH_CORS_ORIGINS, or ask from the server's own."


class DocumentUnknown(CustomerGraphError):
    """The id names no trusted document, or one that asks for what the role does not have: told alike."""

    code = "CG221"
    status = 400
    advice = "Name a trusted document that your role may ask."


class FreeDocumentRefused(CustomerGraphError):
    """The server answers trusted documents alone, and the text is not one of them."""

    code = "CG222"
    status = 403
    advice = "Ask a trusted document; its text stands in the folder that CUSTOMER_GRAPH_TRUSTED_DOCUMENTS names."


class TrustedDocumentInvalid(CustomerGraphError):
    """A trusted document cannot be read, or asks for what no role has. The server does not start."""

    code = "CG223"
    advice = "Correct the document in the folder that CUSTOMER_GRAPH_TRUSTED_DOCUMENTS names."


class UnknownFieldsRefused(CustomerGraphError):
    """Nulls in place of unknown fields were asked for with a document that is not a trusted one."""

    code = "CG224"
    status = 400
    advice = "Send the header X-Unknown-Fields with trusted documents alone."


class RevealRefused(CustomerGraphError):
    """What should be revealed is not there for the viewer, or is not the viewer's to reveal. One answer for both."""

    code = "CG207"
    status = 400
    advice = "There is no such record for you, or your role may not reveal this field of it."


class NotThere(CustomerGraphError):
    """There is no such record, or none that the viewer may see: which of the two is not told."""

    code = "CG210"
    status = 400
    advice = "There is no such record for you. Check its id, your role and your purpose."


class KeyReused(CustomerGraphError):
    """The idempotency key stands for another change of the same viewer."""

    code = "CG211"
    status = 400
    advice = "This idempotency key was used for another change. Use a new key for each change."


class StreamNeeded(CustomerGraphError):
    """A subscription was asked in a request that ends with its answer."""

    code = "CG212"
    status = 400
    advice = "Subscribe over WebSocket (graphql-transport-ws) or with 'Accept: text/event-stream'."


class StreamEnded(CustomerGraphError):
    """The server ends a subscription: it stops, or its rules changed."""

    code = "CG213"
    status = 503
    advice = "The server ended this subscription. Read anew and subscribe again."


class TooSlow(CustomerGraphError):
    """More happened than the client of a subscription has taken."""

    code = "CG214"
    status = 503
    advice = "More happened than you have taken. Read anew and subscribe again, for fewer fields."


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


class TooManyWrongAnswers(CustomerGraphError):
    """Callers gave too many wrong answers of late: of this viewer, or about this customer, whoever asked.

    Nothing is compared until some of them are long enough ago, not even a right answer.
    """

    code = "CG306"
    status = 429
    advice = "Too many answers were wrong. Verify the caller another way, or wait as long as retryAfter says."

    def __init__(self, message: str | None = None, seconds: int = 60) -> None:
        super().__init__(message)
        self.seconds = seconds

    @property
    def extensions(self) -> dict[str, Any]:
        """The code, and for how many seconds to wait."""
        return {**super().extensions, "retryAfter": self.seconds}


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


class CompactionNotHere(CustomerGraphError):
    """The files of the graph are not ours to exchange: they are another Neo4j's, or lie on a disk of their own."""

    code = "CG410"
    status = 409
    advice = "Only the embedded Neo4j is rebuilt from here; docs/deploy.md says what to do with a Neo4j of your own."


class CompactionNeedsRoom(CustomerGraphError):
    """A second store beside the first does not fit on the disk. Nothing was changed."""

    code = "CG411"
    status = 507
    advice = "Make room on the disk of the data folder, about as much as the graph takes, and compact again."


class CompactionBroken(CustomerGraphError):
    """The new store could not be made, or is not what the old one is. The old one stays as it was."""

    code = "CG412"
    status = 500
    advice = "The graph was not compacted and is as it was. Run customer-graph doctor, then compact again."


class VaultUnavailable(CustomerGraphError):
    """The store of the keys for sealed values cannot be read or written, so nothing is sealed or opened."""

    code = "CG407"
    status = 503
    advice = "Try again in a moment; if it stays, look at the folder of keys: docs/keys.md."


class SealedUnreadable(CustomerGraphError):
    """A sealed value was altered, moved to another record, or sealed by a key that is not in the store of keys."""

    code = "CG409"
    status = 500
    advice = "Put the store of keys back from your backup; see how many there are with: customer-graph doctor --graph."


class VaultKeysMissing(CustomerGraphError):
    """The graph holds sealed values, and the keys for them are not here. The server does not start."""

    code = "CG414"
    status = 503
    advice = "Name the folder of keys with CUSTOMER_GRAPH_KEYS and the key with CUSTOMER_GRAPH_KEY: docs/keys.md."


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
    advice = "Check the folder against docs/bring-your-own-company.md."


class MappingInvalid(CustomerGraphError):
    """The SQL of a source is not one SELECT, or names a column, function or file that is not there for it.

    The same where it gives a column that its table does not have, or lacks one that it requires.
    """

    code = "CG511"
    status = 400
    advice = "Correct the SQL of the source; customer-graph tables says which columns each table has."


class MappingFailed(CustomerGraphError):
    """The SQL of a source broke off at a row, or at a file that is not what the SQL takes it for."""

    code = "CG512"
    status = 400
    advice = "Let the SQL hand over text where a value may be malformed, so that its row alone is refused."


class DecisionImpossible(CustomerGraphError):
    """A decision on who is who that cannot be carried out: told before anything is written."""

    code = "CG516"
    status = 400
    advice = (
        "Merge persons, not organisations; split some of a customer's records, not all; keep apart what is of two "
        "customers. Load once more if an older version loaded the graph."
    )


class DecisionSuperseded(CustomerGraphError):
    """A decision cannot be taken back: it was already, or later decisions and loads rest on it."""

    code = "CG517"
    status = 400
    advice = "Take back the later decisions on these records first, or decide anew by merge and split."


class CorrectionImpossible(CustomerGraphError):
    """A value cannot be set right here: nothing is known of what sources hold of it."""

    code = "CG518"
    status = 400
    advice = "Correct persons, not organisations. Load once more if an older version loaded the graph."


class ReviewDecided(CustomerGraphError):
    """A finding was decided already, and a decision on a purpose is not unmade."""

    code = "CG519"
    status = 400
    advice = "Record what the customer decided instead: recordConsent or withdrawConsent."


class WriteKeyRefused(CustomerGraphError):
    """The write key of a live source is missing or unknown."""

    code = "CG521"
    status = 401
    advice = "Send the write key of a live source as the user name of basic authentication."


class EventRefused(CustomerGraphError):
    """Nothing of what a live source sent can be kept; the answer says of each event which field is wrong, and why."""

    code = "CG522"
    status = 400
    advice = "Correct the fields that the answer names, and send the events again."


class InboxFull(CustomerGraphError):
    """More events of live sources wait to become part of the graph than may."""

    code = "CG523"
    status = 429
    advice = "Send the same events again after as many seconds as the header Retry-After says."


class InboxUnavailable(CustomerGraphError):
    """Events cannot be kept durably, and so are not accepted."""

    code = "CG524"
    status = 503
    advice = "Events cannot be kept just now. Send them again in a few seconds. Tell the operator: disk of the inbox."


class SurvivorshipInvalid(CustomerGraphError):
    """A file that declares which values survive into golden records says something that cannot be."""

    code = "CG531"
    status = 400
    advice = "Correct the file against docs/survivorship.md."


# 6xx: privacy


class SubjectUnknown(CustomerGraphError):
    """An export or an erasure was asked for about someone of whom nothing is shown: never known, or erased."""

    code = "CG601"
    status = 404
    advice = "Nothing is held under this id for the person to see: it was never given, or what it named is erased."


class SubjectDeceased(CustomerGraphError):
    """An export was asked for about someone who has died."""

    code = "CG602"
    status = 409
    advice = (
        "The person is recorded as deceased; the regulation does not say who may have the data (recital 27). Decide by "
        "the law of the country, and ask as privacy officer."
    )


class ExportFolderTaken(CustomerGraphError):
    """An export is not written over anything that is there already."""

    code = "CG603"
    status = 409
    advice = "Name a folder with --to that is not there yet, or is empty."


class ExportBroken(CustomerGraphError):
    """An export could not be read to its end. Nothing of it is kept."""

    code = "CG604"
    status = 503
    advice = "The export could not be finished, and nothing of it is kept. Ask again."


class ErasedAlready(CustomerGraphError):
    """An erasure was asked for of someone who is erased already, or of whose erasure there is no such step to take."""

    code = "CG605"
    status = 409
    advice = "This erasure was carried out, or there is none of this kind. Read its receipt: erasureReceipts."


class PreviewOutdated(CustomerGraphError):
    """What would be erased is not what was looked at before: something came or went since."""

    code = "CG606"
    status = 409
    advice = "What is held of this person has changed since it was looked at. Look again: previewErasure."


class SubjectHeld(CustomerGraphError):
    """An erasure was asked for of someone whose data has to stay for a legal case (GDPR art. 17(3)(e))."""

    code = "CG607"
    status = 409
    advice = "A legal hold protects these data. Ask who placed it, and erase once it is released: legalHolds."


class SubjectMerged(CustomerGraphError):
    """An erasure was asked for under the id of a record that was merged into another: a person has to choose."""

    code = "CG608"
    status = 409
    advice = "This record was merged into another. Make sure that both are one person, and erase under the other's id."


class SuppressionKeyWrong(CustomerGraphError):
    """The key by which the erased are known again is missing, or another than the one they were erased with. Nothing is
    taken in, for it could be theirs.
    """

    code = "CG609"
    status = 503
    advice = "Give every server and command the key of CUSTOMER_GRAPH_SUPPRESSION_KEY, or the data folder that has it."


class RequestStepRefused(CustomerGraphError):
    """A request of a data subject is not in a state in which this can be done; or it is none of this kind."""

    code = "CG621"
    status = 409
    advice = "Read the state of the request: docs/privacy.md says what can be done in each, for each kind."


class ExtensionRefused(CustomerGraphError):
    """The time of a request is extended once, before it is over (GDPR art. 12(3))."""

    code = "CG622"
    status = 409
    advice = "The time is extended once, before it is over, and the person is told first. Answer the request."


class RefusalRefused(CustomerGraphError):
    """A request cannot be refused on this ground: the law does not know it for this kind, or in this state."""

    code = "CG623"
    status = 409
    advice = "Name a ground that the law knows for this kind of request: docs/privacy.md lists them."


class FulfilmentMissing(CustomerGraphError):
    """What a request is said to be fulfilled by is missing, or is nothing of this person's since it was received."""

    code = "CG624"
    status = 409
    advice = (
        "Name in 'reference' what fulfils it: the hash of an export's manifest, a Change or SourceRecord of hers by "
        "which data was set right, or an erasure receipt. What is carried out at once takes none."
    )


class RequestUnfit(CustomerGraphError):
    """An export was to be made for a request that asks for something else, is another person's, or is not ready."""

    code = "CG625"
    status = 409
    advice = "Name a request of this person and kind, whose identity is proven and which is not answered yet."


class ConsentStepRefused(CustomerGraphError):
    """A decision cannot follow the one before: a yes that waits to be confirmed, or a question after a yes."""

    code = "CG626"
    status = 409
    advice = (
        "A consent that was asked to be confirmed is given by confirmConsent alone; one that is given is not asked for "
        "again. Refusing, objecting and withdrawing are always possible. docs/consent.md has the table."
    )


class ConfirmationRefused(CustomerGraphError):
    """A consent is not confirmed: the token is another, its time is over, or it was decided since."""

    code = "CG627"
    status = 409
    advice = "The confirmation does not fit, its time is over, or it was decided since. Ask for the consent once more."


class ProposalClosed(CustomerGraphError):
    """A proposal is decided already, or the field says something else by now than what the proposal is to replace."""

    code = "CG628"
    status = 409
    advice = "Read the proposal and the dictionary: it is decided, or the field was defined anew. Propose it once more."


class NotTheOwner(CustomerGraphError):
    """A proposal is decided by whoever answers for the field, and never by who made it."""

    code = "CG629"
    status = 403
    advice = (
        "A proposal is decided by the field's owner, whom the dictionary names and the claim 'offices' of the token "
        "has to name, and by someone else than who made it."
    )


# 7xx: insight, exports and the service desk


class ExportRefused(CustomerGraphError):
    """The policy does not let this role export for this purpose."""

    code = "CG701"
    status = 403
    advice = "Ask whoever owns the policy of your role for [export]; the API answers page by page as ever."


class ExportInvalid(CustomerGraphError):
    """What is to be exported is not there for this role: a type, a field, a relationship, a format."""

    code = "CG702"
    status = 400
    advice = "GET /export/manifest lists what your role may export, and how to ask for it."


class ExportTokenInvalid(CustomerGraphError):
    """The token to go on with is of another export, viewer or policy, or too old."""

    code = "CG703"
    status = 400
    advice = "Begin the export anew, without 'after'."


class ExportBusy(CustomerGraphError):
    """The viewer has an export under way, or all that the server makes at once are taken."""

    code = "CG704"
    status = 429
    advice = "Wait until an export has ended."

    @property
    def extensions(self) -> dict[str, Any]:
        """The code, and for how many seconds to wait."""
        return {**super().extensions, "retryAfter": 5}


class ExportUnreadable(CustomerGraphError):
    """A stored value is not of the type that its field has, so no column can hold it."""

    code = "CG705"
    status = 500
    advice = "Leave fields out until it works, and tell the operator the code and the time: the log names the field."


class JourneyInvalid(CustomerGraphError):
    """The file of the stages of a journey names something unknown or says what cannot be. The server does not start."""

    code = "CG710"
    advice = "Correct the file that CUSTOMER_GRAPH_JOURNEY names against docs/insight.md."


class ContactRefused(CustomerGraphError):
    """A message may not be sent to the customer now, so nothing was written. `reasons` says why, as mayContact does."""

    code = "CG713"
    status = 409
    advice = "Do not send it. mayContact says why, and when it may be asked again."

    def __init__(
        self, reasons: Sequence[str] = (), again: str | None = None, customer: str = "", fields: Sequence[str] = ()
    ) -> None:
        super().__init__()
        self.reasons, self.again = tuple(reasons), again
        self.customer, self.fields = customer, tuple(fields)  # for the record alone

    @property
    def extensions(self) -> dict[str, Any]:
        """The code, the reasons, and when to ask again where that is known."""
        return {**super().extensions, "reasons": list(self.reasons), "again": self.again}


class ContactPurposeRefused(CustomerGraphError):
    """The role does not contact customers for the purpose that is named, or not in a request of this purpose."""

    code = "CG714"
    status = 403
    advice = "Name a purpose for which your role contacts customers; one of the role's own stands in X-Purpose as well."


class RatesMissing(CustomerGraphError):
    """How often customers answer on each channel was not learned yet, so no channel can be advised."""

    code = "CG715"
    status = 409
    advice = "Ask the operator to run customer-graph insights; mayContact can be asked meanwhile."


class AudienceRefused(CustomerGraphError):
    """An audience is to be chosen by a field that says what a group of people is like in what the law protects."""

    code = "CG716"
    status = 403
    advice = "Leave out what the message names: an audience is not chosen by it."


class PromiseClosed(CustomerGraphError):
    """A promise was to be kept, broken or withdrawn that is none of these any more: somebody has said so already."""

    code = "CG720"
    status = 409
    advice = (
        "This promise was kept, broken or withdrawn already. Read its state; what is promised anew is a new promise."
    )


class OfAnotherCustomer(CustomerGraphError):
    """A change names a case or an order that is not of the customer whom it is about."""

    code = "CG721"
    status = 400
    advice = "Name a case or an order of the same customer."


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


class GovernanceInvalid(CustomerGraphError):
    """The registry of the data names something unknown or leaves something unsaid. The server does not start."""

    code = "CG909"
    advice = "Correct the file that CUSTOMER_GRAPH_GOVERNANCE names against docs/governance.md."


class ContactRulesInvalid(CustomerGraphError):
    """The rules of contact name something unknown or leave something unsaid. The server does not start."""

    code = "CG717"
    advice = "Correct the file that CUSTOMER_GRAPH_CONTACTS names against docs/insight.md."


def every_error() -> Iterator[type[CustomerGraphError]]:
    """All error classes, in the order of their codes; the documentation is made from it."""
    yield from sorted(CustomerGraphError.__subclasses__(), key=lambda error: error.code)


STAGES: Mapping[str, str] = {
    "1": "Who asks",
    "2": "What is asked",
    "3": "How much is asked",
    "4": "The database and the trail",
    "5": "Ingest",
    "6": "Privacy",
    "7": "Insight, exports and the service desk",
    "9": "Set-up: these stop the start or a command, and no client meets them",
}
PAGE = """# Errors

<!-- Written by: python -m schema.errors > docs/errors.md -->

Every error has a stable code in `extensions.code`; a code once given is never given again. Messages say what to do and
hold no value of a request or of the graph, so they may be shown and logged. Test the code, not the message.

The status is the one under `application/graphql-response+json`. Under `application/json` what is wrong with a document,
its values or its budget (status 400 below, except CG204) comes with 200, because clients of that type read no other
body. An error of one field comes with `data`, its `path` and 200 whatever stands here. With `retryAfter` in the
extensions, or the header `Retry-After`, the same request may succeed after so many seconds.
"""


def page() -> str:
    """The text of docs/errors.md."""
    parts = [PAGE, _table([CustomerGraphError])]
    for stage, title in STAGES.items():
        if errors := [error for error in every_error() if error.code[2] == stage]:
            parts.append(f"## {stage}xx: {title}\n\n{_table(errors)}")
    return "\n".join(parts)


def _table(errors: list[type[CustomerGraphError]]) -> str:
    rows = ["| code | name | status | when | what to do |", "| --- | --- | --- | --- | --- |"]
    for error in errors:
        when = (
            "What nobody expected. The log has the class of the error under the request's id."
            if error is CustomerGraphError
            else " ".join((inspect.getdoc(error) or "").split())
        )
        status = "" if error.code[2] == "9" or "does not start" in when else str(error.status)
        rows.append(f"| `{error.code}` | {error.__name__} | {status} | {when} | {error.advice} |")
    return "\n".join([*rows, ""])


if __name__ == "__main__":
    sys.stdout.write(page())
