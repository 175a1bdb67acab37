"""The closed lists that fields of the model take their values from."""

from enum import Enum

from schema.model import enumeration


@enumeration
class CustomerKind(Enum):
    """Whether the golden record is a person or an organisation."""

    PERSON = "PERSON"
    ORGANISATION = "ORGANISATION"


@enumeration
class CustomerStatus(Enum):
    """ACTIVE; RESTRICTED (GDPR art. 18); DECEASED; ERASED (art. 17)."""

    ACTIVE = "ACTIVE"
    RESTRICTED = "RESTRICTED"
    DECEASED = "DECEASED"
    ERASED = "ERASED"


@enumeration
class IdentityKind(Enum):
    """What kind of handle an identity is."""

    EMAIL = "EMAIL"
    PHONE = "PHONE"
    CUSTOMER_NUMBER = "CUSTOMER_NUMBER"
    SHIPPING_ACCOUNT = "SHIPPING_ACCOUNT"
    CRM_ID = "CRM_ID"
    ACCOUNT_ID = "ACCOUNT_ID"
    USER_ID = "USER_ID"
    DEVICE = "DEVICE"
    SOCIAL_HANDLE = "SOCIAL_HANDLE"


@enumeration
class ChannelKind(Enum):
    """A way on which company and customer reach each other."""

    EMAIL = "EMAIL"
    PHONE = "PHONE"
    SMS = "SMS"
    CHAT = "CHAT"
    SOCIAL = "SOCIAL"
    WEB = "WEB"
    APP = "APP"
    PUSH = "PUSH"
    POST = "POST"
    IN_PERSON = "IN_PERSON"


@enumeration
class InteractionKind(Enum):
    """What happened between customer and company."""

    EMAIL = "EMAIL"
    CALL = "CALL"
    CHAT = "CHAT"
    VISIT = "VISIT"
    PAGE_VIEW = "PAGE_VIEW"
    SCREEN_VIEW = "SCREEN_VIEW"
    EVENT = "EVENT"
    SOCIAL_MENTION = "SOCIAL_MENTION"


@enumeration
class Direction(Enum):
    """Who began: the customer (INBOUND) or the company (OUTBOUND)."""

    INBOUND = "INBOUND"
    OUTBOUND = "OUTBOUND"


@enumeration
class ConsentState(Enum):
    """States of the W3C Data Privacy Vocabulary, and the objection of GDPR art. 21."""

    UNKNOWN = "UNKNOWN"
    REQUESTED = "REQUESTED"
    GIVEN = "GIVEN"
    REFUSED = "REFUSED"
    WITHDRAWN = "WITHDRAWN"
    EXPIRED = "EXPIRED"
    INVALIDATED = "INVALIDATED"
    OBJECTED = "OBJECTED"


@enumeration
class InvoiceKind(Enum):
    """What is asked for (INVOICE) or given back (CREDIT_NOTE)."""

    INVOICE = "INVOICE"
    CREDIT_NOTE = "CREDIT_NOTE"


@enumeration
class ResolutionState(Enum):
    """What became of a source record: joined to a customer, left to a person to decide, or not to be told."""

    RESOLVED = "RESOLVED"
    REVIEW = "REVIEW"
    UNATTRIBUTED = "UNATTRIBUTED"


@enumeration
class DeliveryState(Enum):
    """What became of a change that a source system is told of.

    PENDING; ACCEPTED or REFUSED by the system; DEAD where sending was given up until a person sends it again;
    DISMISSED where a person decided that the system need not know.
    """

    PENDING = "PENDING"
    ACCEPTED = "ACCEPTED"
    REFUSED = "REFUSED"
    DEAD = "DEAD"
    DISMISSED = "DISMISSED"


@enumeration
class MatchState(Enum):
    """Whether two records may be one person (OPEN), are (SAME), or are two (DIFFERENT)."""

    OPEN = "OPEN"
    SAME = "SAME"
    DIFFERENT = "DIFFERENT"


@enumeration
class MatchVerdict(Enum):
    """What a person decided on records: they are one person's (MERGED), two (SPLIT), an interaction is the customer's
    whose records are named beside it (ATTACHED), or a decision is void (UNDONE).
    """

    MERGED = "MERGED"
    SPLIT = "SPLIT"
    ATTACHED = "ATTACHED"
    UNDONE = "UNDONE"


@enumeration
class ReviewKind(Enum):
    """What a customer said: a consent taken back, an objection (GDPR art. 21), that someone died, a complaint."""

    WITHDRAWAL = "WITHDRAWAL"
    OBJECTION = "OBJECTION"
    DECEASED = "DECEASED"
    COMPLAINT = "COMPLAINT"


@enumeration
class ReviewState(Enum):
    """What became of a finding: it waits for a person (OPEN), who said that it is so (CONFIRMED) or not (DISMISSED)."""

    OPEN = "OPEN"
    CONFIRMED = "CONFIRMED"
    DISMISSED = "DISMISSED"


@enumeration
class PromiseState(Enum):
    """What became of a promise: it is still to be kept (OPEN), was KEPT, was not and will not be (BROKEN), or is
    not wanted any more (WITHDRAWN).
    """

    OPEN = "OPEN"
    KEPT = "KEPT"
    BROKEN = "BROKEN"
    WITHDRAWN = "WITHDRAWN"


@enumeration
class PrivacyRequestKind(Enum):
    """What a data subject asks for, each by its article of the GDPR: ACCESS 15, PORTABILITY 20, RECTIFICATION 16,
    ERASURE 17, RESTRICTION 18, OBJECTION 21, WITHDRAWAL of consent 7(3); OPT_OUT_OF_SALE by Cal. Civ. Code 1798.120.
    """

    ACCESS = "ACCESS"
    PORTABILITY = "PORTABILITY"
    RECTIFICATION = "RECTIFICATION"
    ERASURE = "ERASURE"
    RESTRICTION = "RESTRICTION"
    OBJECTION = "OBJECTION"
    WITHDRAWAL = "WITHDRAWAL"
    OPT_OUT_OF_SALE = "OPT_OUT_OF_SALE"


@enumeration
class PrivacyRequestState(Enum):
    """How far a request is: RECEIVED, IDENTIFIED (known who asks), IN_PROGRESS; it ends as FULFILLED, REFUSED or
    CANCELLED (taken back). A restriction that was FULFILLED holds until it is LIFTED.
    """

    RECEIVED = "RECEIVED"
    IDENTIFIED = "IDENTIFIED"
    IN_PROGRESS = "IN_PROGRESS"
    FULFILLED = "FULFILLED"
    REFUSED = "REFUSED"
    CANCELLED = "CANCELLED"
    LIFTED = "LIFTED"


@enumeration
class IdentityProof(Enum):
    """How it was made sure who asks (GDPR art. 12(6), recital 64). A document is looked at, never kept."""

    SIGNED_IN = "SIGNED_IN"
    KNOWN_ADDRESS = "KNOWN_ADDRESS"
    CALLER_VERIFIED = "CALLER_VERIFIED"
    IN_PERSON = "IN_PERSON"
    DOCUMENT_SEEN = "DOCUMENT_SEEN"
    AUTHORISED_AGENT = "AUTHORISED_AGENT"


@enumeration
class RefusalGround(Enum):
    """Why a request is refused. docs/privacy.md says which kinds of requests each can refuse, and by which law."""

    IDENTITY_NOT_PROVEN = "IDENTITY_NOT_PROVEN"
    MANIFESTLY_UNFOUNDED = "MANIFESTLY_UNFOUNDED"
    EXCESSIVE = "EXCESSIVE"
    NOT_APPLICABLE = "NOT_APPLICABLE"
    RIGHTS_OF_OTHERS = "RIGHTS_OF_OTHERS"
    DATA_ARE_RIGHT = "DATA_ARE_RIGHT"
    FREE_EXPRESSION = "FREE_EXPRESSION"
    LEGAL_OBLIGATION = "LEGAL_OBLIGATION"
    LEGAL_CLAIMS = "LEGAL_CLAIMS"
    COMPELLING_GROUNDS = "COMPELLING_GROUNDS"
    FRAUDULENT = "FRAUDULENT"


@enumeration
class ExtensionGround(Enum):
    """Why an answer takes two months longer (GDPR art. 12(3)): it is complex, or there are many requests."""

    COMPLEXITY = "COMPLEXITY"
    NUMBER_OF_REQUESTS = "NUMBER_OF_REQUESTS"


@enumeration
class QualityDimension(Enum):
    """What is good of data, as a share: records that hold a value (COMPLETENESS), values that can be used (VALIDITY),
    records that are of one customer each (UNIQUENESS), records that were looked at of late (TIMELINESS), values that
    agree with the golden record where several systems have one (CONSISTENCY).
    """

    COMPLETENESS = "COMPLETENESS"
    VALIDITY = "VALIDITY"
    UNIQUENESS = "UNIQUENESS"
    TIMELINESS = "TIMELINESS"
    CONSISTENCY = "CONSISTENCY"


@enumeration
class QualityState(Enum):
    """Whether quality is below what is asked (OPEN), or no more (CLEARED)."""

    OPEN = "OPEN"
    CLEARED = "CLEARED"


@enumeration
class ProposalState(Enum):
    """What became of a proposal: it waits for whoever answers for the field (OPEN), who took it (ACCEPTED) or not."""

    OPEN = "OPEN"
    ACCEPTED = "ACCEPTED"
    REFUSED = "REFUSED"


@enumeration
class SignalKind(Enum):
    """What a signal tells of a customer: what she brought (VALUE), whether she is still one (CHURN), what she may like
    (CROSS_SELL), by which channel she found the company (DISCOVERY).
    """

    VALUE = "VALUE"
    CHURN = "CHURN"
    CROSS_SELL = "CROSS_SELL"
    DISCOVERY = "DISCOVERY"


@enumeration
class IssueTrend(Enum):
    """The course of an issue over whole months: as ever (STEADY), more than before (GROWING) or fewer (DECLINING),
    in the same months of every year (SEASONAL), or hardly any more (OVER).
    """

    STEADY = "STEADY"
    GROWING = "GROWING"
    DECLINING = "DECLINING"
    SEASONAL = "SEASONAL"
    OVER = "OVER"


@enumeration
class ServiceMetric(Enum):
    """How service is measured; the definition of `ServiceFigure.metric` has the formula of each in words."""

    CASES = "CASES"
    CLOSED = "CLOSED"
    FIRST_CONTACT_RESOLUTION = "FIRST_CONTACT_RESOLUTION"
    REPEATS_PER_CASE = "REPEATS_PER_CASE"
    MEDIAN_FIRST_RESPONSE_HOURS = "MEDIAN_FIRST_RESPONSE_HOURS"
    MEDIAN_RESOLUTION_HOURS = "MEDIAN_RESOLUTION_HOURS"
    HANDOVERS_PER_CASE = "HANDOVERS_PER_CASE"
    ABILITY_TO_SOLVE = "ABILITY_TO_SOLVE"
    CONTACTS = "CONTACTS"
    ABILITY_TO_VIEW = "ABILITY_TO_VIEW"
    ABILITY_TO_ANSWER = "ABILITY_TO_ANSWER"
    SHARE_ABANDONED = "SHARE_ABANDONED"
    MEDIAN_WAITED_SECONDS = "MEDIAN_WAITED_SECONDS"
    MEAN_SENTIMENT = "MEAN_SENTIMENT"
    MEAN_SATISFACTION = "MEAN_SATISFACTION"


@enumeration
class AlertState(Enum):
    """Whether a figure is worse than what is asked (OPEN), or no more (CLEARED)."""

    OPEN = "OPEN"
    CLEARED = "CLEARED"


@enumeration
class ErasureState(Enum):
    """PREVIEWED: told, and nothing is changed. BEGUN: hidden from everyone, and being removed. REMOVED: gone from every
    answer. DONE: and every source system has answered.
    """

    PREVIEWED = "PREVIEWED"
    BEGUN = "BEGUN"
    REMOVED = "REMOVED"
    DONE = "DONE"


@enumeration
class RevealReason(Enum):
    """Why someone reveals what the role otherwise sees coarser or not at all."""

    IDENTITY_CHECK = "IDENTITY_CHECK"
    CUSTOMER_ASKED = "CUSTOMER_ASKED"
    COMPLAINT = "COMPLAINT"
    CORRECTION = "CORRECTION"
    FRAUD_SUSPICION = "FRAUD_SUSPICION"
    LEGAL_REQUEST = "LEGAL_REQUEST"


@enumeration
class CallerFact(Enum):
    """What a caller may be asked, to be compared with what is known of the customer. The last order is the latest."""

    BIRTH_DATE = "BIRTH_DATE"
    ADDRESS_LINE = "ADDRESS_LINE"
    POSTAL_CODE = "POSTAL_CODE"
    LAST_ORDER_NUMBER = "LAST_ORDER_NUMBER"
    LAST_ORDER_TOTAL = "LAST_ORDER_TOTAL"
    CUSTOMER_NUMBER = "CUSTOMER_NUMBER"
    PHONE = "PHONE"
    EMAIL = "EMAIL"
