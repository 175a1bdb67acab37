"""Signals of a customer: value, churn, cross-sell and discovery, as laws over whatever orders there are."""

import math
import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from insight.signals.churn import Course, churn, history
from insight.signals.discovery import Certainty, Touch, Trace, discovery, of_link
from insight.signals.minimise import minimum
from insight.signals.orders import CANCELLED, RETURNED, Order
from insight.signals.rhythm import FEWEST, MOST, History, Rhythm, Sample, fitted
from insight.signals.together import MOST_OFFERS, SUPPORT, Refusal, Together, told
from insight.signals.value import SMALLEST_GROUP, Fifth, Groups, Value, values

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
MOMENTS = st.integers(0, 2000).map(lambda days: NOW - timedelta(days=days))
CURRENCIES = st.sampled_from(["EUR", "GBP"])
MONEY = st.integers(0, 10**6)
ORDERS = st.lists(
    st.builds(
        Order,
        MOMENTS,
        st.sampled_from(["completed", "shipped", RETURNED, CANCELLED]),
        st.none() | CURRENCIES,
        MONEY,
        st.dictionaries(CURRENCIES, MONEY, max_size=2),
        st.frozensets(st.sampled_from("ABCDE"), max_size=3),
    ),
    max_size=8,
)
POSITIVE = st.floats(0.01, 1000)
RHYTHMS = st.builds(Rhythm, POSITIVE, POSITIVE, POSITIVE, POSITIVE)
HISTORIES = st.integers(0, 30).flatmap(
    lambda again: st.integers(1 if again else 0, 1000 if again else 0).flatmap(
        lambda last: st.builds(History, st.just(again), st.just(last), st.integers(last, 2000))
    )
)
USUAL = Rhythm(1.0, 60.0, 0.5, 2.0)


def days(number: int) -> datetime:
    """So many days ago."""
    return NOW - timedelta(days=number)


# Value


def test_value_is_orders_less_what_was_given_back() -> None:
    """A credit note counts once, a return without one wholly, a cancelled order not at all; currencies stay apart."""
    orders = [
        Order(days(10), "completed", "EUR", 100_00),
        Order(days(20), "completed", "EUR", 50_00, {"EUR": 20_00}),
        Order(days(30), RETURNED, "EUR", 70_00),
        Order(days(40), RETURNED, "EUR", 80_00, {"EUR": 75_00}),
        Order(days(50), CANCELLED, "EUR", 999_00),
        Order(days(400), "completed", "EUR", 1_00),
        Order(days(60), "completed", "GBP", 30_00, {"EUR": 5_00}),
    ]
    euro = 100_00 + 30_00 + 5_00 - 5_00
    assert values(orders, NOW) == (Value("EUR", euro, euro + 1_00, 4, 5), Value("GBP", 30_00, 30_00, 1, 1))


@given(ORDERS, st.randoms(use_true_random=False))
def test_value_does_not_ask_in_which_order_orders_come(orders: list[Order], chance: random.Random) -> None:
    """Nor does it add currencies: each is what it would be alone."""
    found = values(orders, NOW)
    shuffled = chance.sample(orders, len(orders))
    assert values(shuffled, NOW) == found
    for one in found:
        alone = [order for order in orders if one.currency in order.money]
        assert {each.currency: each.ever for each in values(alone, NOW)}[one.currency] == one.ever


@given(st.lists(MONEY, min_size=SMALLEST_GROUP, max_size=60))
def test_who_brings_more_never_stands_lower(brought: list[int]) -> None:
    """And at most so many fifths of the group bring as much or more as her fifth says."""
    groups, members = Groups(), [Value("EUR", one, one, 1, 1) for one in brought]
    for one in members:
        groups.enter("PERSON", one)
    places = [
        tuple(Fifth).index(fifth)
        for one in sorted(members, key=lambda each: each.year)
        if (fifth := groups.fifth("PERSON", one))
    ]
    assert len(places) == len(members)
    assert places == sorted(places, reverse=True)
    for one in members:
        fifth = groups.fifth("PERSON", one)
        assert fifth
        as_much = sum(other >= one.year for other in brought)
        assert as_much * 5 <= len(brought) * (tuple(Fifth).index(fifth) + 1)


def test_a_rank_among_few_is_not_told() -> None:
    """It would tell of the others; persons are not compared with organisations, nor euros with pounds."""
    groups, one = Groups(), Value("EUR", 5, 5, 1, 1)
    for _ in range(SMALLEST_GROUP - 1):
        groups.enter("PERSON", one)
    assert groups.fifth("PERSON", one) is None
    groups.enter("ORGANISATION", one)
    groups.enter("PERSON", replace(one, currency="GBP"))
    assert groups.fifth("PERSON", one) is None
    groups.enter("PERSON", one)
    assert groups.fifth("PERSON", one) is Fifth.LOWEST


# Churn


@given(RHYTHMS, HISTORIES, st.integers(1, 365))
def test_a_more_recent_order_never_lowers_a_chance(rhythm: Rhythm, of: History, nearer: int) -> None:
    """The same number of orders, the last one later; and one order more, today."""
    if of.again:
        later = replace(of, last=min(of.last + nearer, of.known))
        assert rhythm.active(later) >= rhythm.active(of)
        assert rhythm.orders_within(90, later) >= rhythm.orders_within(90, of)
    once_more = History(of.again + 1, of.known, of.known)
    assert rhythm.active(once_more) >= rhythm.active(of)
    assert rhythm.orders_within(90, once_more) >= rhythm.orders_within(90, of)


@given(RHYTHMS, HISTORIES, st.integers(1, 1000))
def test_silence_never_raises_a_chance(rhythm: Rhythm, of: History, longer: int) -> None:
    """And chances are chances: between 0 and 1, an order no likelier than that she is still a customer."""
    silent = replace(of, known=of.known + longer)
    assert 0 <= rhythm.active(silent) <= rhythm.active(of) <= 1
    assert 0 <= rhythm.orders_within(90, silent) <= rhythm.orders_within(90, of) <= rhythm.active(of)
    assert rhythm.orders_within(90, of) <= rhythm.orders_within(180, of)


@given(RHYTHMS, ORDERS, st.randoms(use_true_random=False))
def test_churn_does_not_ask_in_which_order_orders_come(
    rhythm: Rhythm, orders: list[Order], chance: random.Random
) -> None:
    """What was cancelled or lies ahead does not count."""
    found = churn(orders, rhythm, NOW)
    ahead = Order(NOW + timedelta(days=1), "completed", "EUR", 1)
    void = Order(NOW, CANCELLED, "EUR", 1)
    assert churn([*chance.sample(orders, len(orders)), ahead, void], rhythm, NOW) == found


def test_churn_says_why() -> None:
    """Her rhythm and her silence, in words; orders of one day are one."""
    orders = [Order(days(at)) for at in (250, 210, 170, 170, 130)]
    found = churn(orders, USUAL, NOW)
    assert found
    assert found.words == (
        f"Ordered 4 times, every 40 days on average, last on 2026-01-22, 130 days ago; {found.active * 100:.0f} %"
        f" likely to be still a customer, {found.orders * 100:.0f} % to order within 90 days."
    )
    once = churn([Order(days(1))], USUAL, NOW)
    assert once
    assert once.words.startswith("Ordered once, last on 2026-05-31, 1 day ago; ")
    assert churn([], USUAL, NOW) is None
    frequent = [Order(days(at)) for at in range(1000, 600, -10)]
    gone = churn(frequent, USUAL, NOW)
    assert gone
    assert gone.course is Course.LOST
    assert "; under 1 % likely to be still a customer, " in gone.words
    here = churn([*frequent, Order(days(5))], USUAL, NOW)
    assert here
    assert here.course is Course.ACTIVE


def test_a_rhythm_is_learned_from_how_customers_order() -> None:
    """Drawn from known parameters, it finds who is lost better than silence alone, and foretells how many order."""
    chance = random.Random(7)
    drawn, still, comes = [], [], []
    for _ in range(1500):
        rate, lost = chance.gammavariate(1.5, 1 / 60), chance.betavariate(1.0, 3.0)
        known, at, last, again, alive = chance.randint(100, 900), 0.0, 0.0, 0, True
        while alive and at < known:
            last, again = at, again + 1
            alive = chance.random() >= lost
            at += chance.expovariate(rate)
        drawn.append(History(again - 1, round(last), known))
        still.append(alive)
        comes.append(alive and at < known + 90)
    found = fitted(drawn)
    assert found
    assert found == fitted(reversed(drawn))
    assert found.shape / found.scale == pytest.approx(1.5 / 60, rel=0.25)
    assert found.lost / (found.lost + found.stays) == pytest.approx(0.25, abs=0.06)
    foretold = sum(found.orders_within(90, one) for one in drawn)
    assert foretold == pytest.approx(sum(comes), rel=0.1)
    by_model = _pairs_in_order([found.active(one) for one in drawn], still)
    assert by_model > _pairs_in_order([one.last - one.known for one in drawn], still) + 0.03


def test_a_sample_of_many_histories_does_not_ask_for_their_order() -> None:
    """It is bounded, and taken whole where there are few."""
    many = {f"cus_{place}": History(place % 5 + 1, place, place + 1) for place in range(MOST + 500)}
    one, other, few = Sample(), Sample(), Sample()
    for key, of in many.items():
        one.enter(key, of)
    for key, of in reversed(many.items()):
        other.enter(key, of)
    for key, of in list(many.items())[:9]:
        few.enter(key, of)
    assert sorted(one) == sorted(other)
    assert (len(set(one)), len(set(few))) == (MOST, 9)
    assert set(one) < set(many.values())


def test_few_customers_teach_nothing() -> None:
    """Neither do many who never came back."""
    assert fitted([History(2, 50, 90)] * (FEWEST - 1)) is None
    assert fitted([History(0, 0, 90)] * 1000) is None
    assert history([Order(days(9), CANCELLED)], NOW) is None


def test_the_minimum_of_a_bowl_and_of_a_bent_valley() -> None:
    """The second is Rosenbrock's (1960)."""
    assert minimum(lambda at: (at[0] - 3) ** 2 + (at[1] + 1) ** 2, (0.0, 0.0)) == pytest.approx((3, -1), abs=1e-3)
    bent = minimum(lambda at: (1 - at[0]) ** 2 + 100 * (at[1] - at[0] ** 2) ** 2, (-1.2, 1.0), most=2000)
    assert bent == pytest.approx((1, 1), abs=0.01)


def _pairs_in_order(scores: list[float], truth: list[bool]) -> float:
    """The area under the curve, by counting pairs."""
    good = [score for score, true in zip(scores, truth, strict=True) if true]
    bad = [score for score, true in zip(scores, truth, strict=True) if not true]
    return sum((one > other) + (one == other) / 2 for one in good for other in bad) / (len(good) * len(bad))


# Cross-sell

BASKETS = st.lists(st.frozensets(st.sampled_from("ABCDEFGH"), max_size=5), max_size=60)


def learned(baskets: list[frozenset[str]]) -> Together:
    """Baskets counted."""
    found = Together()
    for one in baskets:
        found.enter(one)
    return found


@given(BASKETS, st.frozensets(st.sampled_from("ABCDEFGH")), st.randoms(use_true_random=False))
def test_offers_are_new_supported_and_sold(
    baskets: list[frozenset[str]], has: frozenset[str], chance: random.Random
) -> None:
    """Whatever was bought, and in whatever order it was counted."""
    found = learned(baskets).offers(has, lambda one: one != "A")
    assert learned(chance.sample(baskets, len(baskets))).offers(has, lambda one: one != "A") == found
    for one in found:
        assert one.product not in has | {"A"}
        assert sum(one.product in each for each in baskets) >= SUPPORT
        if one.because is not None:
            assert one.because in has
            assert sum({one.product, one.because} <= each for each in baskets) >= SUPPORT


def test_what_goes_together_is_offered_before_what_everybody_buys() -> None:
    """Where nothing goes together, what everybody buys is, and the words say which it was."""
    baskets = [frozenset("AB")] * 40 + [frozenset("A")] * 10 + [frozenset("CD"[place % 2] + "E") for place in range(90)]
    found = learned(baskets)
    first, second, *_ = found.offers({"A"}, lambda one: True)
    assert (first.product, first.because, first.share_with) == ("B", "A", 0.8)
    assert (second.product, second.because) == ("E", None)
    words = told([first, second], (), {"A": "Lamp", "B": "Bulb", "E": "Vase"}.__getitem__)
    assert words == "Bulb: 80 % of those who bought Lamp bought it, and 29 % of all. Vase: 64 % of customers bought it."
    assert told([first], [Refusal.COMPLAINT], str) == told([], (), str) == "Nothing is offered."


def test_chance_is_no_affinity() -> None:
    """Products bought independently have lifts of one; those of a taste have not."""
    chance = random.Random(3)
    alone = learned([frozenset(one for one in "ABCDEFGH" if chance.random() < 0.4) for _ in range(2000)])
    assert all(math.isclose(alone.lift("A", other), 1.0, abs_tol=0.05) for other in "BCDEFGH")
    tastes = learned([frozenset(chance.sample(chance.choice(["ABCD", "EFGH"]), 3)) for _ in range(2000)])
    assert tastes.lift("A", "B") > 1.5 > 1 >= tastes.lift("A", "E")


def test_where_tastes_differ_offers_beat_what_is_popular() -> None:
    """Four tastes over products of falling popularity: what each buys later is among three offers more often."""
    chance = random.Random(1)
    products = [f"P{place:02}" for place in range(40)]
    had, later, together = [], [], Together()
    for place in range(1500):
        weights = [(6 if number % 4 == place % 4 else 1) / (1 + number) for number in range(40)]
        had.append(frozenset(chance.choices(products, weights, k=chance.randint(1, 5))))
        later.append(frozenset(chance.choices(products, weights, k=2)) - had[-1])
        together.enter(had[-1])
    popular = sorted(products, key=lambda one: -sum(one in each for each in had))
    ours = sum(
        any(one.product in want for one in together.offers(has, bool)) for has, want in zip(had, later, strict=True)
    )
    theirs = sum(
        any(one in want for one in [each for each in popular if each not in has][:MOST_OFFERS])
        for has, want in zip(had, later, strict=True)
    )
    assert ours > theirs * 1.05


# Discovery


def test_the_first_touch_and_what_names_it() -> None:
    """The first that names a way counts; of one day what tells most; a mere place where nothing else is known."""
    seen = Touch(days(100), Trace.CONTACT, "web")
    link = Touch(days(98), Trace.LINK, "newsletter")
    order = Touch(days(98), Trace.ORDER, "web")
    said = Touch(days(98), Trace.RECORDED, "friend")
    answered = Touch(days(97), Trace.CAMPAIGN, "email", "cmp_1")
    every = [order, said, link, seen, answered]
    found = discovery(every, NOW)
    assert found
    assert (found.touch, found.certainty) == (said, Certainty.RECORDED)
    assert (
        found.words
        == f"First known on {days(100).date()}; the shop recorded 'friend' with an order on {days(98).date()}."
    )
    found = discovery([order, link, seen, answered], NOW)
    assert found
    assert (found.touch, found.certainty) == (link, Certainty.INFERRED)
    found = discovery([order, seen, answered], NOW)
    assert found
    assert (found.touch.campaign, found.certainty) == ("cmp_1", Certainty.INFERRED)
    earlier = Touch(days(99), Trace.CAMPAIGN, "email", "cmp_2")
    found = discovery([*every, earlier], NOW)
    assert found
    assert (found.touch, found.certainty) == (earlier, Certainty.INFERRED)
    found = discovery([order, seen], NOW)
    assert found
    assert (found.touch, found.certainty) == (seen, Certainty.GUESSED)
    assert discovery([Touch(NOW + timedelta(days=1), Trace.ORDER, "web")], NOW) is None


def test_what_was_recorded_long_after_says_nothing_of_the_first_touch() -> None:
    """A year later she came by another way."""
    found = discovery([Touch(days(400), Trace.CONTACT, "phone"), Touch(days(30), Trace.RECORDED, "search")], NOW)
    assert found
    assert (found.touch.channel, found.certainty) == ("phone", Certainty.GUESSED)


@given(
    st.lists(st.builds(Touch, MOMENTS, st.sampled_from(Trace), st.sampled_from(["web", "phone"])), max_size=8),
    st.randoms(use_true_random=False),
)
def test_discovery_does_not_ask_in_which_order_touches_come(touches: list[Touch], chance: random.Random) -> None:
    """And what comes later than a month after the first touch does not change it."""
    found = discovery(touches, NOW)
    assert discovery(chance.sample(touches, len(touches)), NOW) == found
    if found and found.first < days(40):
        assert discovery([*touches, Touch(days(5), Trace.RECORDED, "friend")], NOW) == found


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ("/lamps?utm_source=News-Letter&utm_medium=email", "news-letter"),
        ("https://shop.example/?referrer=https%3A%2F%2Fsearch.example%2Fq%3Fann", "search.example"),
        ("/lamps?ref=ann", None),
        ("help/returns", None),
        (None, None),
    ],
)
def test_what_a_link_says(page: str | None, said: str | None) -> None:
    """Its source or the host it comes from, never a code that may be a person's."""
    assert of_link(page) == said
