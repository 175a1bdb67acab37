"""Journeys of one customer and of many, as pure functions: steps, visits, repeats, chances, figures, words."""

import math
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from insight.flows import ALL, ANY, Flow, Flows
from insight.journey import Journeys, Moment, Stage, journeys
from insight.journey_chances import END, START, Chances, foretelling, passages
from insight.journey_words import in_words, repeat_in_words
from insight.kept.journeys import FEWEST, told
from schema.errors import JourneyInvalid
from schema.journey import journey_of, read_journey, shipped_journey

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
LATER = NOON + timedelta(days=1000)
GAP = timedelta(days=30)
STAGES = (
    Stage("look", "looks around", True, GAP),
    Stage("buy", "buys", False, timedelta(days=60)),
    Stage("help", "asks for help", False, GAP),
)
NAMES = [stage.name for stage in STAGES]


def at(days: float, stage: str | None = None, channel: str | None = None, **more: object) -> Moment:
    """Something that happened so many days after noon of the first."""
    key = str(more.pop("key", f"{days}"))
    return Moment(NOON + timedelta(days=days), key, "CALL", channel, stage, **more)  # type: ignore[arg-type]


def said(days: float, about: str | None, told: str | None, **more: object) -> Moment:
    """A contact of the customer."""
    return at(days, "help", "PHONE", subject=about, told=told, contact=True, **more)


def shape(found: Journeys) -> list[tuple[int, str | None, int]]:
    """The visits: which journey, which stage, how many steps."""
    return [(one.journey, one.stage, one.steps) for one in found.visits]


# Steps and visits


def test_a_journey_is_its_moments_in_stages() -> None:
    """What says no stage is in that in which the customer is; before the first it is in the first."""
    found = journeys([at(2), at(0), at(1, "look"), at(3, "buy"), at(4), at(5, "look")], STAGES, LATER)
    assert shape(found) == [(1, "look", 3), (1, "buy", 2), (1, "look", 1)]
    assert [one.dwell.days for one in found.visits] == [3, 2, 0]


def test_a_journey_ends_where_nothing_happens_for_as_long_as_its_stage_allows() -> None:
    """Thirty days to the second are not too long; who waits for what was bought may wait longer."""
    found = journeys([at(0, "look"), at(30), at(60.1), at(61, "buy"), at(120), at(181)], STAGES, LATER)
    assert shape(found) == [(1, "look", 2), (2, "buy", 3), (3, None, 1)]


def test_the_last_stage_of_a_journey_that_is_over_is_where_it_was_dropped() -> None:
    """If the stage says so, and not while it may still go on."""
    walked = [at(0, "look"), at(100, "look"), at(101, "buy"), at(300, "look")]
    kinds = [(one.over, one.dropped) for one in journeys(walked, STAGES, NOON + timedelta(days=329)).visits]
    assert kinds == [(True, True), (False, False), (True, False), (False, False)]
    assert journeys(walked, STAGES, NOON + timedelta(days=331)).visits[-1].dropped


def test_changes_of_channel_are_those_within_a_journey() -> None:
    """What has no channel changes none."""
    walked = [at(0, "help", "EMAIL"), at(1), at(2, None, "PHONE"), at(3, None, "PHONE"), at(90, "help", "CHAT")]
    found = journeys(walked, STAGES, LATER)
    assert [one.channel_changed for one in found.steps] == [False, False, True, False, False]
    assert found.channel_changes == 1
    assert found.visits[0].channels == ("EMAIL", "PHONE")


def test_hand_overs_are_counted_by_what_they_are_of() -> None:
    """Two cases with two teams are no hand-over; a topic of another journey is another matter."""
    walked = [
        at(0, "help", subject="a", team="care"),
        at(1, "help", subject="b", team="billing"),
        at(2, "help", subject="a", team="care"),
        at(3, "help", subject="a", team="parts"),
        at(4, "help", subject="t", team="care", within=True),
        at(90, "help", subject="t", team="parts", within=True),
        at(91, "help", subject="a", team="care"),
    ]
    found = journeys(walked, STAGES, LATER)
    assert [one.handed_over for one in found.steps] == [False, False, False, True, False, False, True]
    assert found.hand_overs == 2


# Repeats


def test_what_is_told_to_somebody_new_had_to_be_explained_again() -> None:
    """Not to who has heard it, not of another matter, and not where nobody knows who heard it before."""
    walked = [
        said(0, "a", None),
        said(1, "a", "ann"),
        said(2, "a", "ann"),
        said(3, "b", "bob"),
        said(4, "a", "bob"),
        said(5, "a", "cleo"),
        said(6, "a", "bob"),
        at(7, "help", subject="a", told="dora"),
    ]
    found = journeys(walked, STAGES, LATER)
    assert [one.repeat for one in found.steps] == [False, False, False, False, True, True, False, False]
    (one,) = found.repeats
    assert (one.subject, one.times, one.keys) == ("a", 3, ("1", "4", "5"))
    assert repeat_in_words(one) == "Had to be explained three times, over four days."


def test_a_topic_is_one_matter_within_a_journey() -> None:
    """A case stays the same one for ever."""
    for within, times in ((True, []), (False, [2])):
        found = journeys([said(0, "x", "ann", within=within), said(90, "x", "bob", within=within)], STAGES, LATER)
        assert [one.times for one in found.repeats] == times


# Laws

moments = st.lists(
    st.builds(
        at,
        st.integers(0, 400).map(lambda tenth: tenth / 2),
        st.sampled_from([*NAMES, None, "unknown"]),
        st.sampled_from(["EMAIL", "PHONE", None]),
        key=st.integers(0, 30),
        subject=st.sampled_from(["a", "b", None]),
        within=st.booleans(),
        contact=st.booleans(),
        told=st.sampled_from(["ann", "bob", None]),
        team=st.sampled_from(["care", "parts", None]),
    ),
    max_size=30,
    unique_by=lambda one: (one.at, one.key, one.team),
)


@given(moments, st.randoms(use_true_random=False))
def test_the_order_in_which_moments_come_is_irrelevant(given_: list[Moment], chance: Random) -> None:
    """And so is whether one comes twice."""
    again = [*given_, *given_[::2]]
    chance.shuffle(again)
    assert journeys(again, STAGES, LATER) == journeys(given_, STAGES, LATER)


@given(moments)
def test_stays_in_stages_make_up_their_journeys(given_: list[Moment]) -> None:
    """Dwell times of a journey sum to its length, steps of stays to all steps, and no gap is within a journey."""
    found = journeys(given_, STAGES, LATER)
    assert sum(one.steps for one in found.visits) == len(found.steps) == len(given_)
    for number in range(1, found.count + 1):
        steps = [one.moment.at for one in found.steps if one.journey == number]
        stays = [one for one in found.visits if one.journey == number]
        assert sum((one.dwell for one in stays), timedelta()) == steps[-1] - steps[0]
        assert [one.over for one in stays] == [False] * (len(stays) - 1) + [
            stays[-1].stage is not None or number != found.count
        ]
        assert all(one.stage != other.stage for one, other in pairwise(stays))


@given(moments)
def test_a_repeat_is_counted_once(given_: list[Moment]) -> None:
    """Each telling that a repeat counts, beyond its first, is a step that says so, and each such step is in one."""
    found = journeys(given_, STAGES, LATER)
    assert sum(one.times - 1 for one in found.repeats) == sum(one.repeat for one in found.steps)
    assert all(one.times == len(one.keys) for one in found.repeats)
    silent = [one for one in given_ if not one.contact]
    assert journeys(silent, STAGES, LATER).repeats == ()


# Chances


def path(*stages: str, since: float = 0) -> Sequence[Moment]:
    """A day in each stage."""
    return [at(since + day, stage) for day, stage in enumerate(stages)]


def test_passages_are_what_followed_what() -> None:
    """A journey that may go on says nothing of its end."""
    walked = [*path("look", "buy"), *path("look", "help", since=900)]
    found = journeys(walked, STAGES, NOON + timedelta(days=905))
    assert list(passages(found.visits)) == [
        (START, START, "look"),
        (START, "look", "buy"),
        ("look", "buy", END),
        (START, START, "look"),
        (START, "look", "help"),
    ]


@given(st.lists(st.tuples(*[st.sampled_from(NAMES)] * 3), max_size=40), st.sampled_from(NAMES))
def test_chances_are_chances(seen: list[tuple[str, str, str]], stage: str) -> None:
    """They sum to one, none is nothing, and nothing follows itself; so it is of those of a part."""
    chances = Chances(NAMES)
    chances.learn(one for one in seen if one[1] != one[2])
    part = Counter(one[2] for one in seen if one[1] == stage != one[2])
    for found in (chances.following(START, stage), chances.after(part, stage), chances.marginal()):
        assert sum(found.values()) == pytest.approx(1)
        assert min(found.values()) > 0
    assert stage not in chances.following(START, stage)
    assert END not in chances.following(ANY, START)


def test_what_was_seen_often_is_likely_and_what_was_before_counts() -> None:
    """After looking and buying another thing follows than after help and buying."""
    chances = Chances(NAMES)
    chances.learn([("look", "buy", "help")] * 50 + [("help", "buy", END)] * 50)
    assert chances.following("look", "buy")["help"] > 0.9
    assert chances.following("help", "buy")[END] > 0.9
    assert chances.following(START, "buy")["help"] == pytest.approx(chances.following(START, "buy")[END], abs=0.02)
    assert chances.following("look", "help")["buy"] > 0


def test_how_well_it_was_foretold() -> None:
    """The mean of the negative logarithm of what was said of what came."""
    found = foretelling([({"a": 0.75, "b": 0.25}, "a"), ({"a": 0.75, "b": 0.25}, "b")])
    assert (found.passages, found.right) == (2, 0.5)
    assert found.log_loss == pytest.approx(-(math.log(0.75) + math.log(0.25)) / 2)
    with pytest.raises(ValueError, match="nothing to compare"):
        foretelling([])


# Figures of many


def many(*several: Sequence[Moment]) -> Flows:
    """The journeys of some customers, all of one country."""
    flows = Flows(NAMES)
    for one in several:
        flows.add(journeys(one, STAGES, LATER).visits, "DE")
    return flows


def test_flows_count_journeys_and_customers() -> None:
    """A journey that goes one way twice goes it once, and so does a customer with several journeys."""
    twice = [*path("look", "buy", "look", "buy"), *path("look", "buy", since=400)]
    found = {one.key: one for one in many(twice, path("look", "buy"), path("look")).flows()}
    way = found[*ALL, ANY, "look", "buy"]
    assert (way.journeys, way.customers) == (3, 2)
    assert way.median_dwell == pytest.approx(24, rel=0.05)
    assert way.drop_off == pytest.approx(1 / 5)
    assert found[ANY, "DE", ANY, ANY, "look", "buy"].customers == 2
    assert found["2026-06", ANY, ANY, ANY, START, "look"].journeys == 3
    assert found[*ALL, ANY, START, "look"].drop_off is None
    assert found[*ALL, START, "look", "buy"].journeys == 3
    assert found[*ALL, "buy", "look", "buy"].journeys == 1


@given(st.lists(moments, max_size=5), st.randoms(use_true_random=False))
def test_the_order_of_customers_is_irrelevant(customers: list[list[Moment]], chance: Random) -> None:
    """They are read page after page."""
    before = list(many(*customers).flows())
    chance.shuffle(customers)
    assert list(many(*customers).flows()) == before


@given(st.lists(st.lists(st.sampled_from(NAMES), min_size=1, max_size=5), max_size=40))
def test_what_is_kept_is_of_enough_customers(walks: list[list[str]]) -> None:
    """And of no table is a single figure left out, which the others and the sum would tell."""
    flows = list(many(*[path(*walk) for walk in walks]).flows())
    kept = list(told(flows))
    assert all(one.customers >= FEWEST for one in kept)
    gone = [one for one in flows if one not in kept]
    if kept:
        tables = Counter(_table(one) for one in gone)
        assert all(number != 1 for number in tables.values())


def _table(one: Flow) -> tuple[bool, ...]:
    return tuple(part == ANY for part in one.key[:4])


# Words


def test_a_journey_in_words() -> None:
    """Where the customer is, what was said again, what comes next."""
    walked = [*path("look", "buy"), said(2, "a", "ann"), said(3, "a", "bob")]
    now = NOON + timedelta(days=5)
    found = journeys(walked, STAGES, now)
    assert in_words(found, STAGES, now, {"buy": 0.6, END: 0.4}) == (
        "Four steps in one journey since 1 June 2026; now the customer asks for help, for three days. "
        "One matter had to be explained twice. Next is most likely that the customer buys (60%)."
    )
    assert in_words(journeys([], STAGES, now), STAGES, now, {}) == "Nothing is on record."
    over = journeys(path("buy", "look"), STAGES, LATER)
    assert in_words(over, STAGES, LATER, {END: 0.1}) == (
        "Two steps in one journey since 1 June 2026; the last one dropped off while the customer looks around, "
        "999 days ago."
    )


# What belongs to which stage


def test_the_first_rule_that_fits_says_the_stage() -> None:
    """Whatever the case of a name; what fits none has no stage."""
    stages = shipped_journey()
    assert stages.of("interaction", kind="CALL") == "service"
    assert stages.of("interaction", kind="EVENT", name="product viewed") == "consideration"
    assert stages.of("interaction", kind="SCREEN_VIEW", name="Profile") is None
    assert stages.of("order", state="completed") == "purchase"
    assert stages.known("purchase") == "purchase"
    assert stages.known("of an earlier file") is None


OWN = """gap_days = 10
[stage.browse]
title = "browses"
drop_off = true
gap_days = 3
[[rule]]
of = "order"
states = ["Returned"]
stage = "browse"
"""


def test_a_company_says_its_own(tmp_path: Path) -> None:
    """Its file takes the place of the shipped one as a whole."""
    file = tmp_path / "own.toml"
    file.write_text(OWN, encoding="utf-8")
    stages = read_journey(file)
    assert [(one.name, one.gap.days, one.drop_off) for one in stages.stages] == [("browse", 3, True)]
    assert stages.of("order", state="returned") == "browse"
    assert stages.of("order", state="completed") is None
    assert stages.of("interaction", kind="CALL") is None


@pytest.mark.parametrize(
    ("changed", "by", "told_"),
    [
        ('stage = "browse"', 'stage = "brows"', "rule 1: there is no stage brows; did you mean browse"),
        ('of = "order"', 'of = "parcel"', "rule.0.of"),
        ("gap_days = 10", "gap_days = 0", "gap_days"),
        ("[stage.browse]", "[stage.END]", "has a name that figures use"),
        ('states = ["Returned"]', 'kinds = ["CALL"]', "kinds and names are those of interactions"),
        ('of = "order"', 'of = "interaction"', "an interaction has no states"),
        ('title = "browses"', "", "stage.browse.title"),
        ("gap_days = 10", "gap_days =", "is not TOML"),
        ("gap_days = 10", "gap_days = 10\ncolour = 1", "colour"),
    ],
)
def test_a_file_that_cannot_be_is_refused(changed: str, by: str, told_: str) -> None:
    """With the place and what is wrong with it, under one code."""
    assert changed in OWN
    with pytest.raises(JourneyInvalid) as refused:
        journey_of(OWN.replace(changed, by, 1), "own.toml")
    assert told_ in str(refused.value)
    assert refused.value.code == "CG710"


def test_a_rule_that_never_counts_is_refused() -> None:
    """One before it fits whatever it fits."""
    wide = '[[rule]]\nof = "order"\nstage = "browse"\n'
    narrow = '[[rule]]\nof = "order"\nstates = ["returned"]\nstage = "browse"\n'
    head = OWN.partition("[[rule]]")[0]
    journey_of(head + narrow + wide, "own.toml")
    with pytest.raises(JourneyInvalid, match="rule 2 never counts"):
        journey_of(head + wide + narrow, "own.toml")
