"""A consent receipt: one decision as a record that machines read, for the person to keep (ISO/IEC TS 27560:2023).

Field names are those of the TS, terms of purposes and states those of the W3C Data Privacy Vocabulary. It is made of
what the person sees of the consent herself, and says which fields are left out, and why.
"""

from collections.abc import Mapping
from typing import Any

from schema.governance import Controller
from schema.purposes import PURPOSES, LegalBasis

SCHEMA = "customer-graph consent receipt 1 (ISO/IEC TS 27560:2023)"
QUESTION = """query ($id: ID!) { node(id: $id) { ... on Consent {
  id purpose legalBasis state capturedAt expiresAt noticeVersion method source mostPerMonth customer { id } } } }"""
"""What is asked of a consent, as the person herself."""
STATES: Mapping[str, str] = {
    "UNKNOWN": "dpv:ConsentUnknown",
    "REQUESTED": "dpv:ConsentRequested",
    "GIVEN": "dpv:ConsentGiven",
    "REFUSED": "dpv:ConsentRefused",
    "WITHDRAWN": "dpv:ConsentWithdrawn",
    "EXPIRED": "dpv:ConsentExpired",
    "INVALIDATED": "dpv:ConsentInvalidated",
    "OBJECTED": "customer-graph:Objected",
}
"""The TS leaves the terms open; the vocabulary has none for an objection (GDPR art. 21)."""
BASES: Mapping[LegalBasis, str] = {
    LegalBasis.CONSENT: "eu-gdpr:A6-1-a",
    LegalBasis.CONTRACT: "eu-gdpr:A6-1-b",
    LegalBasis.LEGAL_OBLIGATION: "eu-gdpr:A6-1-c",
    LegalBasis.VITAL_INTEREST: "eu-gdpr:A6-1-d",
    LegalBasis.PUBLIC_TASK: "eu-gdpr:A6-1-e",
    LegalBasis.LEGITIMATE_INTEREST: "eu-gdpr:A6-1-f",
}
LEFT_OUT: Mapping[str, str] = {
    "language": "The language in which the notice was shown is not recorded.",
    "privacy_notice": "Only its version is known here; its text is the company's.",
    "pii_information": "Which data a purpose needs follows from policies, not from a consent: privacy report.",
    "processing_method": "As above: privacy report.",
    "storage_locations": "Where the database stands is the operator's to say.",
    "event_type": "Whether a consent was explicit or only expressed is not recorded.",
    "recipient_third_parties": "Whom data goes to is told of a person as a whole: the access export.",
    "retention_period": "It follows from rules by type of record: docs/dictionary.md.",
}
"""Fields of the TS that a receipt lacks, or has in part, with why."""


def receipt(consent: Mapping[str, Any], controller: Controller, made_at: str) -> dict[str, Any]:
    """The receipt of a consent that was read by QUESTION."""
    purpose = PURPOSES.get(str(consent["purpose"]))
    party = {"party_id": "controller", "party_role": "dpv:DataController"}
    said = {f"party_{name}": value for name, value in controller.model_dump(exclude_defaults=True).items() if value}
    return {
        "schema_version": SCHEMA,
        "receipt_id": f"receipt of {consent['id']}",
        "receipt_made_at": made_at,
        "record_id": consent["id"],
        "pii_principal_id": consent["customer"]["id"],
        "privacy_notice": consent["noticeVersion"],
        "purposes": [
            {
                "purpose": consent["purpose"],
                "purpose_description": purpose.about if purpose else None,
                "lawful_basis": BASES[LegalBasis[str(consent["legalBasis"])]],
                "pii_controllers": ["controller"],
                "collection_method": consent["method"],
                "collected_by": consent["source"],
                "withdrawal_method": "withdrawConsent or setPreferences, or any word to the company",
                "privacy_rights": "rightsOffered",
                "most_messages_a_month": consent["mostPerMonth"],
            }
        ],
        "party_identification": [{**party, **said}],
        "event": {
            "event_time": consent["capturedAt"],
            "validity_duration": {"until": consent["expiresAt"]},
            "entity_id": consent["customer"]["id"],
            "event_state": STATES[str(consent["state"])],
        },
        "left_out": dict(LEFT_OUT),
    }
