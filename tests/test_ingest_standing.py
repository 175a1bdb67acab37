"""What decisions amount to, as a table."""

from datetime import UTC, datetime, timedelta

import pytest

from ingest.standing import Decided, decided_here, purpose_of, standings, state_of
from schema.enums import ConsentState as Is
from schema.purposes import PURPOSES, LegalBasis

NOW = datetime(2026, 11, 1, tzinfo=UTC)


def decided(state: Is, days_ago: int = 10, record: str = "billing:A", purpose: str = "marketing.email") -> Decided:
    """One decision."""
    return Decided(record, purpose, state, NOW - timedelta(days=days_ago))


@pytest.mark.parametrize(
    ("decisions", "lawful"),
    [
        ([], False),
        ([decided(Is.GIVEN)], True),
        ([decided(Is.REFUSED)], False),
        ([decided(Is.UNKNOWN)], False),
        ([decided(Is.GIVEN, 20), decided(Is.WITHDRAWN, 10)], False),
        ([decided(Is.WITHDRAWN, 20), decided(Is.GIVEN, 10)], True),
        ([decided(Is.GIVEN, 10), decided(Is.WITHDRAWN, 10)], False),
        ([decided(Is.GIVEN, 1), decided(Is.WITHDRAWN, 20, "crm:B")], False),
        ([decided(Is.GIVEN, 1), decided(Is.GIVEN, 20, "crm:B")], True),
        ([decided(Is.GIVEN, 1), decided(Is.OBJECTED, 20, "crm:B"), decided(Is.GIVEN, 2, "crm:B")], True),
        ([decided(Is.GIVEN, purpose="analytics")], False),
    ],
    ids=["silence", "yes", "no", "unknown", "yes then no", "no then yes", "both at once", "one record says no",
         "both say yes", "the latest of each record", "another purpose"],
)  # fmt: skip
def test_advertising_needs_a_yes_that_no_record_takes_back(decisions: list[Decided], lawful: bool) -> None:
    """The latest on each record, of those the strictest; silence is no."""
    (found,) = [one for one in standings(decisions, NOW) if one.purpose == "marketing.email"]
    assert found.lawful is lawful
    assert found.basis is (LegalBasis.CONSENT if lawful else None)


@pytest.mark.parametrize("purpose", ["service", "service.messages", "fraud", "operations"])
@pytest.mark.parametrize(
    ("state", "lawful"),
    [(None, True), (Is.GIVEN, True), (Is.REFUSED, False), (Is.WITHDRAWN, False), (Is.OBJECTED, False)],
)
def test_contract_and_legitimate_interest_hold_until_someone_objects(
    purpose: str, state: Is | None, lawful: bool
) -> None:
    """GDPR art. 21."""
    decisions = [decided(state, purpose=purpose)] if state else []
    (found,) = [one for one in standings(decisions, NOW) if one.purpose == purpose]
    assert found.lawful is lawful


@pytest.mark.parametrize("purpose", ["stewardship", "privacy", "self", "audit"])
def test_legal_obligations_cannot_be_objected_to(purpose: str) -> None:
    """They hold whatever was decided."""
    (found,) = [one for one in standings([decided(Is.OBJECTED, purpose=purpose)], NOW) if one.purpose == purpose]
    assert found.lawful


def test_a_consent_ends_when_it_was_said_to_end() -> None:
    """Until then the standing says when; from then on it is not lawful."""
    end = NOW + timedelta(days=3)
    consent = Decided("billing:A", "analytics", Is.GIVEN, NOW, end)
    before = next(one for one in standings([consent], NOW) if one.purpose == "analytics")
    after = next(one for one in standings([consent], end) if one.purpose == "analytics")
    assert (before.lawful, before.until) == (True, end)
    assert (after.lawful, after.until) == (False, None)


def test_there_is_one_standing_for_every_purpose() -> None:
    """Also where nothing was ever decided."""
    assert sorted(one.purpose for one in standings([], NOW)) == sorted(PURPOSES)


def test_words_of_the_export_that_are_not_known_allow_nothing() -> None:
    """A new state is UNKNOWN; a new purpose is none of ours."""
    assert state_of("granted") is Is.GIVEN
    assert state_of("perhaps") is Is.UNKNOWN
    assert purpose_of("marketing_email") == "marketing.email"
    assert purpose_of("world_peace") is None


MOMENT = int((NOW - timedelta(days=1)).timestamp() * 1000)


@pytest.mark.parametrize(("records", "lawful"), [(["crm:B", "api"], True), (["api"], False)], ids=["surely", "perhaps"])
def test_what_is_decided_here_counts_on_the_records_that_it_stands_for(records: list[str], lawful: bool) -> None:
    """A consent replaces the refusal on a record that is surely hers; that of a record that may be another's stays."""
    row = {"records": records, "purpose": "marketing.email", "state": "GIVEN", "captured": MOMENT, "expires": None}
    decisions = [decided(Is.REFUSED, 20, "crm:B"), *decided_here([row])]
    (found,) = [one for one in standings(decisions, NOW) if one.purpose == "marketing.email"]
    assert found.lawful is lawful


def test_what_is_decided_here_lapses_as_it_says() -> None:
    """Moments come from the graph in milliseconds."""
    row = {"records": ["api"], "purpose": "sharing", "state": "GIVEN", "captured": MOMENT, "expires": MOMENT + 1}
    (found,) = [one for one in standings(decided_here([row]), NOW) if one.purpose == "sharing"]
    assert found.lawful is False
