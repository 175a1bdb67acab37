"""What campaigns sent, decisions on purposes, and what these amount to for each customer."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from ingest.assemble.commerce import CHANNELS
from ingest.company import Company
from ingest.draft import Draft, End
from ingest.records import ContactRecord, Decision
from ingest.standing import Decided, purpose_of, standings, state_of


def outreach(company: Company, draft: Draft) -> None:
    """Enter what was sent, to whom where that is known."""
    for one in company.exports.of(ContactRecord):
        node = draft.node(
            "Outreach",
            f"contacts:{one.key}",
            {
                "sentAt": one.sent_at,
                "channel": CHANNELS[one.channel],
                "purpose": one.purpose,
                "address": one.address,
                "delivered": one.delivered,
                "opened": one.opened,
                "clicked": one.clicked,
                "replied": one.replied,
                "converted": one.converted,
                "complained": one.complained,
            },
        )
        if draft.has("Campaign", f"campaigns:{one.campaign}"):
            draft.link("PART_OF_CAMPAIGN", node, End("Campaign", f"campaigns:{one.campaign}"))
        if found := company.attribution.of("contacts", one.key):
            draft.link("RECEIVED", End("Customer", found.customer), node)


def consents(company: Company, draft: Draft, found: Mapping[str, Sequence[Decided]] | None = None) -> None:
    """Enter every decision, and one standing for each customer and purpose.

    `found` is what messages say, by customer: what else is known of these findings is of an earlier load.
    """
    said = found or {}
    newer = {one.record for ones in said.values() for one in ones}
    taken: dict[str, list[Decided]] = defaultdict(list)
    for one in company.exports.of(Decision):
        purpose, state = purpose_of(one.purpose), state_of(one.state)
        node = draft.node(
            "Consent",
            f"consents:{one.key}",
            {
                "purpose": purpose or one.purpose,
                "legalBasis": one.legal_basis,
                "state": state,
                "capturedAt": one.decided_at,
                "expiresAt": None,
                "noticeVersion": one.notice_version,
                "method": one.method,
                "source": one.system,
                "onRecord": f"{one.system}:{one.subject}",
            },
        )
        if customer := company.customers.get((one.system, one.subject)):
            draft.link("GAVE", End("Customer", customer), node)
            if purpose:
                taken[customer].append(Decided(f"{one.system}:{one.subject}", purpose, state, one.decided_at))
    for customer in company.golden:
        before = [one for one in company.decided.get(customer, ()) if one.void or one.record not in newer]
        for stands in standings([*taken[customer], *before, *said.get(customer, ())], company.now):
            node = draft.node(
                "Standing",
                f"{customer}:{stands.purpose}",
                {
                    "purpose": stands.purpose,
                    "channel": None,
                    "lawful": stands.lawful,
                    "basis": stands.basis,
                    "until": stands.until,
                    "mostPerMonth": stands.most_per_month,
                },
            )
            draft.link("STANDS", End("Customer", customer), node)
