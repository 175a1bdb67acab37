"""Global Privacy Control: a browser's `Sec-GPC: 1` is a decision of whoever is identified by what it sends.

An opt-out of the sale and sharing of personal data (11 CCR 7025), so of the purposes that share. Each visitor of a
source is taken to say it once: what she decides there afterwards, herself, is newer. That it is not sent says nothing.
"""

from collections import defaultdict
from collections.abc import Sequence

from ingest.company import Company
from ingest.draft import Draft, End
from ingest.live.batch import New
from ingest.records import WebEvent
from ingest.standing import Decided
from schema.enums import ConsentState
from schema.purposes import PURPOSES

METHOD = "Global Privacy Control"


def opt_outs(company: Company, new: Sequence[New], draft: Draft) -> dict[str, list[Decided]]:
    """Enter what browsers said, each visitor's word once; it comes back by customer."""
    said: dict[str, list[Decided]] = defaultdict(list)
    seen: set[str] = set()
    for one in sorted(new, key=lambda each: each.arrival.received_at):
        record = one.record
        if not (one.arrival.opted_out and isinstance(record, WebEvent)):
            continue
        found = company.attribution.of("events", record.key)
        if found is None:
            continue  # it waits for its visitor, and says it again once she is known
        whose = f"{one.arrival.system}:{record.user or record.device}"
        before = {(each.record, each.purpose, each.state) for each in company.decided.get(found.customer, ())}
        for purpose in PURPOSES.values():
            key = f"signal:{whose}:{purpose.name}"
            if not purpose.shares or key in seen or (whose, purpose.name, ConsentState.OBJECTED) in before:
                continue
            seen.add(key)
            node = draft.node(
                "Consent",
                key,
                {},
                {
                    "purpose": purpose.name,
                    "legalBasis": purpose.basis,
                    "state": ConsentState.OBJECTED,
                    "capturedAt": record.at,
                    "method": METHOD,
                    "source": one.arrival.system,
                    "onRecord": whose,
                    "cameLive": True,
                    "signal": True,
                },
            )
            draft.link("GAVE", End("Customer", found.customer), node)
            said[found.customer].append(Decided(whose, purpose.name, ConsentState.OBJECTED, record.at))
    return said
