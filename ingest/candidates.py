"""What becomes of the pairs that persons were asked about, once a load has matched anew."""

from collections.abc import Iterable, Mapping
from typing import Any

from ingest.assemble.candidates import candidate_key
from ingest.company import Company
from ingest.homes import home_of_kind
from schema.enums import MatchState

MATCHING = "matching"


def settled(rows: Iterable[Mapping[str, Any]], company: Company) -> list[dict[str, Any]]:
    """The candidates of the graph whose state is another one by now; rows `{key, state, records}` of all of them.

    What is asked is open. What was open and is not asked any more is closed, by whether the records are one customer's;
    but for pairs of which a record was not delivered, of which this load knows nothing.
    """
    asked = {candidate_key(one.one, one.other) for one in company.resolution.unsure}
    found = []
    for row in rows:
        customers = [
            company.customers.get((home_of_kind(one["kind"], one["system"]), one["key"])) for one in row["records"]
        ]
        if row["key"] in asked:
            state = MatchState.OPEN
        elif row["state"] != MatchState.OPEN.name or None in customers:
            continue
        else:
            state = MatchState.SAME if len(set(customers)) == 1 else MatchState.DIFFERENT
        if state.name != row["state"]:
            found.append({"key": row["key"], "state": state.name, "by": MATCHING})
    return found
