"""Which fields are personal data, which of them an access export lacks, and which a person cannot take away; and why.

Whoever adds a field to the model finds it in both exports at once, or has to enter here on which ground it is missing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from graph.view import View
from schema.model import Category, Edge, Model, NodeType, Property

NOT_PERSONAL = frozenset({Category.KEY, Category.OPERATIONS, Category.STAFF, Category.REFERENCE})
"""About the record, the work, the staff or the company's own things. All other categories are about a person."""
AS_KEPT = frozenset({Category.EVIDENCE, Category.SECRET, Category.REDACTED})
"""Made by the company of what it was given, or its own copies of it: not what was provided (art. 20)."""


@dataclass(frozen=True, slots=True)
class Ground:
    """Why a field is missing: in words for the person, and the law it rests on."""

    why: str
    law: str


_SAME_WORDS = Ground("The same words stand whole in another field; this copy of them is shorter.", "GDPR art. 15(3)")
_OTHERS = Ground("It compares records that may be of another person.", "GDPR art. 15(4)")
_OF_SEVERAL = Ground("It counts the people at one address, who are other persons.", "GDPR art. 15(4)")
_CLAIMS = Ground("It concerns a legal case of the company.", "GDPR art. 15(4), 23(1)(j) and the law of the country")
_SAID = Ground(
    "It is a sentence of a message: hers stand whole among her interactions, others' are not hers to see.",
    "GDPR art. 15(3), (4)",
)
_JUDGED = Ground("It judges a sentence that may be another person's.", "GDPR art. 15(4)")
_GONE = Ground("It is about an erasure, and leads to nobody who is still there.", "GDPR art. 11(1)")
_HIDDEN = Ground("The company's policy for customers does not show it.", "to be justified by the company")

NOT_SHOWN: Mapping[str, Ground] = MappingProxyType(
    {
        "Interaction.subjectRedacted": _SAME_WORDS,
        "Interaction.textRedacted": _SAME_WORDS,
        "Case.subjectRedacted": _SAME_WORDS,
        "Promise.whatRedacted": _SAME_WORDS,
        "SourceRecord.method": _OTHERS,
        "SourceRecord.evidence": _OTHERS,
        "MatchCandidate.probability": _OTHERS,
        "MatchCandidate.evidence": _OTHERS,
        "MatchDecision.reason": _OTHERS,
        "Household.size": _OF_SEVERAL,
        "LegalHold.reason": _CLAIMS,
        "ErasureReceipt.reason": _GONE,
        "ErasureNotice.records": _GONE,
        "ErasureNotice.reference": _GONE,
        "ReviewTask.quote": _SAID,
        "ReviewTask.quoteRedacted": _SAID,
        "ReviewTask.confidence": _JUDGED,
        "ReviewTask.reason": _JUDGED,
    }
)
"""Personal fields that the shipped policy does not show to the person."""

_DERIVED = Ground("It was worked out or judged by the company, not provided.", "GDPR art. 20(1); WP 242 rev.01, p. 10")
_OWN = Ground("It is the company's own record of its work.", "GDPR art. 20(1); WP 242 rev.01, p. 9")
_MIXED = Ground(
    "It is the record as the company keeps it; what was provided stands in the other files.",
    "GDPR art. 20(1), (4)",
)

NOT_PROVIDED: Mapping[str, Ground] = MappingProxyType(
    {
        "Customer.segment": _DERIVED,
        "Customer.customerSince": _DERIVED,
        "Customer.orderCount": _DERIVED,
        "Customer.lastInteractionAt": _DERIVED,
        "Customer.lifetimeValue": _DERIVED,
        "Customer.balance": _DERIVED,
        "Interaction.stage": _DERIVED,
        "Interaction.sentiment": _DERIVED,
        "Interaction.tags": _DERIVED,
        "Invoice.dunningLevel": _DERIVED,
        "Outreach.converted": _DERIVED,
        "Correction.reason": _OWN,
        "Signal": _DERIVED,
        "Case.contacts": _DERIVED,
        "Standing": _DERIVED,
        "SourceRecord": _MIXED,
        "AttributeProvenance": _MIXED,
        "Household": _DERIVED,
        "MatchCandidate": _DERIVED,
        "MatchDecision": _OWN,
        "AccessRecord": _OWN,
        "Change": _OWN,
        "Delivery": _OWN,
        "PrivacyRequest": _OWN,
        "Promise": _OWN,
        "ReviewTask": _DERIVED,
        "ErasureReceipt": _OWN,
        "ErasureNotice": _OWN,
    }
)
"""What a person cannot take away, by type, field or edge. It stands in the access export."""
PROVIDED = frozenset({"Correction.value", "Customer.nationalId", "Invoice.paymentReference"})
"""What was provided although its category is one of AS_KEPT."""


def personal(held: Property) -> bool:
    """Whether a field is about a person."""
    return held.category not in NOT_PERSONAL


def personal_fields(model: Model) -> tuple[str, ...]:
    """Every field that is about a person, as `Type.field`."""
    return tuple(f"{kind.name}.{held.name}" for kind in model.values() for held in _personal_of(kind))


def left_out(model: Model, view: View) -> Mapping[str, Ground]:
    """The personal fields that a View does not have at all, each with why."""
    return {
        name: NOT_SHOWN.get(name, _HIDDEN)
        for kind in model.values()
        for held in _personal_of(kind)
        if kind.name not in view.types or held.name not in view.types[kind.name].fields
        for name in (f"{kind.name}.{held.name}",)
    }


def every_field(kind: NodeType, held: Property | Edge) -> bool:
    """What an access export asks for: all that is shown."""
    return True


def provided(kind: NodeType, held: Property | Edge) -> bool:
    """What a portability export asks for: what was provided or observed, with what says which record it is."""
    if kind.name in NOT_PROVIDED or f"{kind.name}.{held.name}" in NOT_PROVIDED:
        return False
    return isinstance(held, Edge) or held.category not in AS_KEPT or f"{kind.name}.{held.name}" in PROVIDED


def not_taken(model: Model) -> Mapping[str, Ground]:
    """Every personal field that is not to be taken away, and edges that were worked out, with why."""
    copy = Ground("It is the company's own copy of what was provided.", "GDPR art. 20(1)")
    return {
        name: NOT_PROVIDED.get(name, NOT_PROVIDED.get(kind.name, copy))
        for kind in model.values()
        for name in (
            *(f"{kind.name}.{held.name}" for held in _personal_of(kind) if not provided(kind, held)),
            *(f"{kind.name}.{edge.name}" for edge in kind.edges.values() if f"{kind.name}.{edge.name}" in NOT_PROVIDED),
        )
    }


def _personal_of(kind: NodeType) -> list[Property]:
    return [held for held in kind.properties.values() if personal(held)]
