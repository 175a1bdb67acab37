"""Whether what stands for each person and purpose is what is known to be right.

`python -m bench.standings EXPORTS ANSWERS`
EXPORTS is a folder of exports; ANSWERS holds `truth.csv` (source, record_id, person_id) and `expected_consents.csv`
(person_id, purpose, strictest_state, withdrawal_only_in_message). No database: a load's own modules find out who is who
and what stands, and nothing is written. A person counts where resolution is right: all her records are one customer's,
and nobody else's are. Prints counts; never a person.
"""

import csv
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from ingest.assemble import assemble
from ingest.company import find_out
from ingest.exports import read_folder
from ingest.standing import purpose_of, state_of
from schema.enums import ConsentState
from schema.purposes import PURPOSES, LegalBasis

NO = frozenset({ConsentState.REFUSED, ConsentState.WITHDRAWN, ConsentState.OBJECTED, ConsentState.INVALIDATED})


@dataclass(frozen=True, slots=True)
class Found:
    """One person and purpose: what is right, what stands, and whether it was taken back in a message alone."""

    purpose: str
    expected: bool
    stands: bool
    in_message: bool


def compared(exports: Path, answers: Path) -> tuple[list[Found], int, int]:
    """What was compared; persons who were found whole and alone, of how many."""
    read = read_folder(exports, lambda stage, done, total: None)
    company = find_out(read, datetime.now(UTC), {})
    draft = assemble(company)
    lawful = {node.key: bool(node.properties["lawful"]) for node in draft.nodes("Standing")}
    customers: dict[str, set[str]] = defaultdict(set)
    persons: dict[str, set[str]] = defaultdict(set)
    for row in _rows(answers / "truth.csv"):
        key = (row["source"], row["record_id"])
        if row["person_id"] and (customer := company.customers.get(key)):
            customers[row["person_id"]].add(customer)
            persons[customer].add(row["person_id"])
    whole = {
        person: next(iter(found))
        for person, found in customers.items()
        if len(found) == 1 and len(persons[next(iter(found))]) == 1
    }
    return list(_found(answers, whole, lawful)), len(whole), len(customers)


def _found(answers: Path, whole: Mapping[str, str], lawful: Mapping[str, bool]) -> Iterator[Found]:
    for row in _rows(answers / "expected_consents.csv"):
        purpose, customer = purpose_of(row["purpose"]), whole.get(row["person_id"])
        if purpose is None or customer is None:
            continue
        state, in_message = state_of(row["strictest_state"]), row["withdrawal_only_in_message"] == "1"
        by_consent = PURPOSES[purpose].basis is LegalBasis.CONSENT
        agreed = state is ConsentState.GIVEN if by_consent else state not in NO
        yield Found(purpose, agreed and not in_message, lawful[f"{customer}:{purpose}"], in_message)


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as handle:
        yield from csv.DictReader(handle)


def main(exports: Path, answers: Path) -> None:
    """Print the figures."""
    found, whole, persons = compared(exports, answers)
    print(f"{whole:,} of {persons:,} persons are one customer each, and nobody else's.")
    print(
        f"{len(found):,} standings of theirs compared; {sum(one.in_message for one in found)} rest on a message alone."
    )
    print(f"{'purpose':<18}{'right':>8}{'wrongly lawful':>16}{'wrongly unlawful':>18}")
    tally: dict[str, Counter[str]] = defaultdict(Counter)
    for one in found:
        tally[one.purpose][{(True, False): "open", (False, True): "shut"}.get((one.stands, one.expected), "right")] += 1
    for purpose, counts in sorted(tally.items()):
        print(f"{purpose:<18}{counts['right']:>8,}{counts['open']:>16,}{counts['shut']:>18,}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
