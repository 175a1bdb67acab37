"""From what was found out to nodes and edges. Each module enters its part; the order follows who needs whom."""

from ingest.assemble import (
    candidates,
    channels,
    commerce,
    customers,
    evidence,
    interactions,
    outreach,
    reviews,
    service,
)
from ingest.company import Company
from ingest.draft import Draft

__all__ = ["assemble"]


def assemble(company: Company) -> Draft:
    """All nodes and edges of one load."""
    draft = Draft()
    service.organisation(company, draft)
    commerce.catalogue(company, draft)
    commerce.campaigns(company, draft)
    preferred = customers.customers(company, draft)
    commerce.orders(company, draft)
    service.cases(company, draft)
    reached = channels.Channels(company)
    interactions.interactions(company, draft, reached)
    service.origins(company, draft)
    reached.enter(draft, preferred)
    outreach.outreach(company, draft)
    outreach.consents(company, draft, reviews.reviews(company, draft))
    evidence.evidence(company, draft)
    candidates.candidates(company, draft)
    return draft
