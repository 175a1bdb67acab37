"""Consent as a state machine: who says no is always heard, and a yes that was asked to be confirmed is confirmed."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ingest.consent_states import TRANSITIONS, Said, following, table
from ingest.standing import Decided, latest_state, standings
from schema.enums import ConsentState as Is
from schema.errors import ConsentStepRefused

NOW = datetime(2026, 11, 1, tzinfo=UTC)


@pytest.mark.parametrize("state", Is)
def test_who_says_no_is_always_heard(state: Is) -> None:
    """Whatever was decided before."""
    assert following(state, Said.REFUSE) is Is.REFUSED
    assert following(state, Said.WITHDRAW) is Is.WITHDRAWN
    assert following(state, Said.OBJECT) is Is.OBJECTED


def test_a_yes_that_waits_is_given_by_its_confirmation_alone() -> None:
    """And nothing else is confirmed; who has said yes is not asked again."""
    assert {state for state, said in TRANSITIONS if said is Said.CONFIRM} == {Is.REQUESTED}
    assert {state for state in Is if (state, Said.GIVE) not in TRANSITIONS} == {Is.REQUESTED}
    assert {state for state in Is if (state, Said.ASK) not in TRANSITIONS} == {Is.GIVEN}
    with pytest.raises(ConsentStepRefused):
        following(Is.REQUESTED, Said.GIVE)


def row(state: Is, days_ago: int, *, ends: int | None = None, record: str = "crm:A", ours: bool = True) -> dict:  # type: ignore[type-arg]
    """A decision as the graph holds it, which ends in so many days."""
    captured = NOW - timedelta(days=days_ago)
    return {
        "purpose": "analytics",
        "state": state.name,
        "captured": int(captured.timestamp() * 1000),
        "expires": None if ends is None else int((NOW + timedelta(days=ends)).timestamp() * 1000),
        "records": [record],
        "settles": None,
        "confirmable": ours,
    }


@pytest.mark.parametrize(
    ("rows", "state"),
    [
        ([], Is.UNKNOWN),
        ([row(Is.GIVEN, 2), row(Is.WITHDRAWN, 1)], Is.WITHDRAWN),
        ([row(Is.WITHDRAWN, 1), row(Is.GIVEN, 2)], Is.WITHDRAWN),
        ([row(Is.GIVEN, 2, ends=-1)], Is.EXPIRED),
        ([row(Is.REQUESTED, 2, ends=1)], Is.REQUESTED),
        ([row(Is.REQUESTED, 2, ends=-1)], Is.EXPIRED),
        ([row(Is.REQUESTED, 2, ours=False)], Is.UNKNOWN),
        ([row(Is.GIVEN, 2), row(Is.UNKNOWN, 1, record="review:x")], Is.GIVEN),
    ],
    ids=["nothing", "the latest", "in any order", "over", "waits", "waited too long", "another system's", "a finding"],
)
def test_what_was_decided_last(rows: list[dict[str, object]], state: Is) -> None:
    """By the person, here."""
    assert latest_state(rows, NOW) is state


def test_a_consent_that_waits_allows_nothing_and_the_least_often_counts() -> None:
    """Of several records the strictest limit, as long as it is lawful at all."""
    given = [
        Decided("crm:A", "analytics", Is.GIVEN, NOW, most_per_month=4),
        Decided("web:B", "analytics", Is.GIVEN, NOW, most_per_month=2),
        Decided("web:C", "analytics", Is.GIVEN, NOW),
    ]
    asked = Decided("crm:A", "analytics", Is.REQUESTED, NOW + timedelta(seconds=1), NOW + timedelta(days=7))

    def found(decisions: list[Decided]) -> tuple[bool, int | None]:
        (one,) = (each for each in standings(decisions, NOW) if each.purpose == "analytics")
        return one.lawful, one.most_per_month

    assert found(given) == (True, 2)
    assert found([*given, asked]) == (False, None)


def test_the_documentation_shows_the_table() -> None:
    """`python -m ingest.consent_states` prints it."""
    page = (Path(__file__).parents[1] / "docs" / "consent.md").read_text(encoding="utf-8")
    assert table() in page, "docs/consent.md: take the table that `python -m ingest.consent_states` prints."
