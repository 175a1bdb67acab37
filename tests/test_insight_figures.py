"""Figures of service one by one, what is asked of them, and which issue of the next run is which of the last."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auth.policy import SHIPPED, load_policies
from insight.alerts import Asked, judged
from insight.kept.issues import FEWEST_CUSTOMERS, continued
from insight.metrics import ALL, Attended, Figure, figures
from insight.service import FORMULAS as OF_CASES
from insight.service import Handled, service_figures
from schema.catalogue import complete_model
from schema.enums import ServiceMetric
from schema.errors import GovernanceInvalid, SettingInvalid
from schema.figured import FORMULAS
from schema.governance import read_governance
from server.finding import PARTS, chosen

MARCH = datetime(2026, 3, 10, tzinfo=UTC)
HOUR = timedelta(hours=1)
CASES = (
    Handled(MARCH, "North", MARCH + 4 * HOUR, MARCH + HOUR, True, 1, 1, "EMAIL", "ann", satisfaction=5),
    Handled(MARCH, "North", MARCH + 8 * HOUR, None, False, 2, 3, "CALL", "bob", came_back=True),
    Handled(MARCH, "South", None, None, False, 1, 1, "CALL", None),
)
CONTACTS = (
    Attended(MARCH, "CALL", "North", "ann", answered=True, waited_seconds=10),
    Attended(MARCH, "CALL", "North", "ann", answered=False, abandoned=True, waited_seconds=90),
    Attended(MARCH, "CALL", "South", None, answered=True),
    Attended(MARCH, "CHAT", None, "bob", answered=True, sentiment=-0.5, satisfaction=2),
)


def told(team: str = ALL, channel: str = ALL) -> dict[str, tuple[float, int, int]]:
    """Value, of how many, of how many customers, by metric."""
    return {
        one.metric: (one.value, one.counted, one.customers)
        for one in figures(CASES, CONTACTS)
        if (one.team, one.channel, one.month) == (team, channel, "2026-03")
    }


def test_figures_of_all_by_hand() -> None:
    """Three cases of two known customers; four contacts of two, one of nobody known."""
    assert told() == {
        "cases": (3, 3, 2),
        "closed": (2, 2, 2),
        "first_contact_resolution": (0.5, 2, 2),
        "repeats_per_case": (pytest.approx(2 / 3), 3, 2),
        "median_first_response_hours": (1, 1, 1),
        "median_resolution_hours": (6, 2, 2),
        "handovers_per_case": (pytest.approx(1 / 3), 3, 2),
        "ability_to_solve": (pytest.approx(1 / 3), 3, 2),  # Bob came back, and one is open
        "contacts": (4, 4, 2),
        "ability_to_view": (0.75, 4, 2),
        "ability_to_answer": (0.75, 4, 2),
        "share_abandoned": (pytest.approx(1 / 3), 3, 1),
        "median_waited_seconds": (50, 2, 1),
        "mean_sentiment": (-0.5, 1, 1),
        "mean_satisfaction": (3.5, 2, 2),
    }


def test_figures_of_a_team_and_of_a_channel_by_hand() -> None:
    """A team over all channels, a channel over all teams; nothing is told where nothing is counted."""
    assert told("South") == {
        "cases": (1, 1, 0),
        "closed": (0, 0, 0),
        "repeats_per_case": (0, 1, 0),
        "handovers_per_case": (0, 1, 0),
        "ability_to_solve": (0, 1, 0),
        "contacts": (1, 1, 0),
        "ability_to_view": (0, 1, 0),
        "ability_to_answer": (1, 1, 0),
        "share_abandoned": (0, 1, 0),
    }
    assert told(channel="CHAT")["ability_to_answer"] == (1, 1, 1)
    assert "share_abandoned" not in told(channel="CHAT")
    assert told("South", "CALL") == {}


def test_figures_of_cases_are_those_that_are_scored() -> None:
    """Under the names of the API, with the same values."""
    for wide in service_figures(CASES):
        own = {name: value for name, (value, _, _) in told(wide.team).items()}
        for field in OF_CASES:
            value = getattr(wide, field)
            assert own.get(field.removesuffix("_h") + ("_hours" if field.endswith("_h") else "")) == value


@given(st.permutations(CASES), st.permutations(CONTACTS))
def test_the_order_is_irrelevant(cases: list[Handled], contacts: list[Attended]) -> None:
    """The same things tell the same."""
    assert figures(cases, contacts) == figures(CASES, CONTACTS)


def test_every_metric_has_its_formula_and_is_made() -> None:
    """In the enumeration, in words, and of the example above."""
    assert set(FORMULAS) == set(ServiceMetric)
    assert {metric.name.lower() for metric in ServiceMetric} == set(told())


# What is asked

NOW = datetime(2026, 4, 2, tzinfo=UTC)


def figure(value: float, team: str = ALL, month: str = "2026-03", customers: int = 9, channel: str = ALL) -> Figure:
    """One figure."""
    return Figure(team, channel, month, "share_abandoned", value, 20, customers)


def test_the_last_whole_month_is_judged_and_no_other() -> None:
    """Not the one under way, nor what is of few customers, another channel or another metric."""
    asked = Asked("callers", "share_abandoned", most=0.1)
    lately = figure(0.2)
    others = [
        figure(0.9, month="2026-04"),
        figure(0.9, month="2026-02"),
        figure(0.9, "North", customers=4),
        figure(0.9, channel="CALL"),
    ]
    (one,) = judged([asked, Asked("other", "cases", least=1)], [lately, *others], NOW, 5)
    assert (one.figure, one.met) == (lately, False)
    assert [each.figure.month for each in judged([asked], [*others, lately], NOW.replace(month=3), 5)] == ["2026-02"]


def test_of_which_team_something_is_asked() -> None:
    """Of the one that is named, or of each and of all together; just as good is good enough."""
    rows = [figure(0.2), figure(0.1, "North"), figure(0.3, "South")]
    each = judged([Asked("each", "share_abandoned", most=0.2)], rows, NOW, 5)
    assert [(one.figure.team, one.met) for one in each] == [(ALL, True), ("North", True), ("South", False)]
    (south,) = judged([Asked("south", "share_abandoned", "South", least=0.3)], rows, NOW, 5)
    assert south.met


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        ('metric = "speed"\nleast = 1', "there is no speed"),
        ('metric = "cases"\nleast = 1\nmost = 2', "name one of them"),
        ('metric = "cases"\nchannel = "pigeon"\nleast = 1', "service.own.channel"),
    ],
)
def test_a_threshold_that_cannot_be_stops_the_start(tmp_path: Path, said: str, fault: str) -> None:
    """Told by its name; one that asks for nothing takes away one that is shipped."""
    file = tmp_path / "own.toml"
    file.write_text(f"[service.own]\n{said}\n", encoding="utf-8")
    with pytest.raises(GovernanceInvalid, match=fault):
        read_governance(complete_model(), file)
    file.write_text('[service.first_response]\nmetric = "median_first_response_hours"\n', encoding="utf-8")
    names = {one.name for one in read_governance(complete_model(), file).service}
    assert names == {one.name for one in read_governance(complete_model()).service} - {"first_response"}


# Which issue is which

sets = st.dictionaries(st.sampled_from("abcdef"), st.frozensets(st.sampled_from("0123456789"), min_size=1), max_size=5)


def test_an_issue_stays_itself_while_contacts_join_it() -> None:
    """And of one that falls into two the larger part does; the other is a new one under a key that is free."""
    before = {"a": frozenset("12345"), "b": frozenset("6789")}
    assert continued({"x": frozenset("123450"), "b": frozenset("67")}, before) == {"x": "a", "b": "b"}
    assert continued({"a": frozenset("45"), "x": frozenset("123")}, before) == {"x": "a", "a": "a 2"}


@given(sets, sets)
def test_every_issue_has_one_key_and_none_has_two(
    found: dict[str, frozenset[str]], known: dict[str, frozenset[str]]
) -> None:
    """Whatever was known; and the same issues keep their keys."""
    keys = continued(found, known)
    assert keys.keys() == found.keys()
    assert len(set(keys.values())) == len(keys)


@given(st.sets(st.sampled_from("0123456789"), min_size=1).map(sorted))
def test_the_same_issues_keep_their_keys(members: list[str]) -> None:
    """Which have no members in common."""
    known = {f"issue {one}": frozenset(one) for one in members}
    assert continued({f"found {one}": frozenset(one) for one in members}, known) == {
        f"found {one}": f"issue {one}" for one in members
    }


# Who is told


def test_the_fold_of_insights_is_that_of_groups() -> None:
    """A role to which groups of a few are not told is told of no issue and no figure of a few."""
    for policy in load_policies(SHIPPED).values():
        for name in ("RecurringIssue", "ServiceFigure"):
            grants = policy.said.see.get(name)
            if grants is None or policy.role == "privacy_officer":
                continue
            assert grants.rows.startswith(f"customer_count >= {FEWEST_CUSTOMERS}"), (policy.role, name)
            assert policy.said.aggregate.minimum in (1, FEWEST_CUSTOMERS)


def test_a_part_that_there_is_not_is_told_with_those_that_there_are() -> None:
    """One part, all parts, or a sentence."""
    assert chosen(None) == PARTS
    assert [one.name for one in chosen("service")] == ["service"]
    with pytest.raises(SettingInvalid, match="The parts: contacts, issues, service"):
        chosen("sevice")
