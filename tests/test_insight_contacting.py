"""The ledger of contacts, the rates of answers, and the channel that is advised."""

import math
from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from insight.answer_rates import Rate, Settings, Tried, fitted, foretold, learned
from insight.channel import QuietHours, Refusal, Situation, best_channel, may_again, may_contact
from insight.consent_history import Will, Willed, will_at
from insight.ledger import Breach, Cap, Ledger, Outreach, Rules, Violation, violations
from insight.reliability import Bin, reliability
from insight.time_zones import local_times, zones_of

NOON = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
ADA = "ada"
CHANNELS = ("email", "sms", "phone", "post", "push")
CAPS = Rules().caps


def day(number: float) -> datetime:
    """So many days after noon of the first."""
    return NOON + timedelta(days=number)


def sent(
    key: str, number: float, channel: str = "post", purpose: str = "marketing", campaign: str | None = None
) -> Outreach:
    """A contact with Ada, in a campaign of its own if none is named."""
    return Outreach(key, ADA, day(number), channel, purpose, campaign or key)


def decided(
    will: Will, number: float, record: str = "crm:1", purpose: str = "marketing.email", said: bool = False
) -> Willed:
    """A decision of Ada's."""
    return Willed(ADA, purpose, record, will, day(number), in_message=said)


# What was willed


@pytest.mark.parametrize(
    ("decisions", "will"),
    [
        ([], Will.NONE),
        ([decided(Will.GRANTED, -9)], Will.GRANTED),
        ([decided(Will.GRANTED, 1)], Will.NONE),
        ([decided(Will.GRANTED, -9), decided(Will.WITHDRAWN, -5)], Will.WITHDRAWN),
        ([decided(Will.WITHDRAWN, -9), decided(Will.GRANTED, -5)], Will.GRANTED),
        ([decided(Will.WITHDRAWN, -5), decided(Will.GRANTED, -5)], Will.WITHDRAWN),
        ([decided(Will.GRANTED, -5), decided(Will.NONE, -9, "billing:1")], Will.NONE),
        ([decided(Will.GRANTED, -5), decided(Will.WITHDRAWN, -9, "billing:1")], Will.WITHDRAWN),
        ([decided(Will.GRANTED, -9), decided(Will.WITHDRAWN, -5, "mail:1", said=True)], Will.WITHDRAWN_IN_MESSAGE),
        ([decided(Will.GRANTED, -5), decided(Will.WITHDRAWN, -9, "mail:1", said=True)], Will.GRANTED),
        ([decided(Will.WITHDRAWN, -5, "mail:1", said=True)], Will.NONE),
    ],
)
def test_of_the_latest_decisions_on_each_record_the_strictest_counts(decisions: list[Willed], will: Will) -> None:
    """What is later than the moment does not count; what was said in a message counts until she decides anew."""
    assert will_at(decisions, NOON) is will
    assert will_at(list(reversed(decisions)), NOON) is will


# The ledger


def test_the_fourth_in_a_week_is_one_too_many() -> None:
    """On whatever channels; the eighth day is another week; what serves the customer does not count."""
    contacts = [
        sent("1", 0),
        sent("2", 1, "push"),
        sent("service", 2, "post", "service"),
        sent("3", 3),
        sent("4", 6.9, "push"),
        sent("5", 7.5),
        sent("6", 14.5),
    ]
    assert violations(contacts, []) == (Violation("4", Breach.WEEK_CAP), Violation("5", Breach.WEEK_CAP))


def test_one_call_in_thirty_days() -> None:
    """With consent, on every channel that needs one."""
    granted = [decided(Will.GRANTED, -9, purpose="marketing.phone")]
    contacts = [sent("1", 0, "phone"), sent("2", 29, "phone"), sent("3", 60, "phone"), sent("4", 61, "sms")]
    assert violations(contacts, granted) == (Violation("2", Breach.PHONE_CAP),)


def test_a_campaign_reaches_a_person_once_service_too() -> None:
    """Whatever record it was sent to."""
    contacts = [sent("1", 0, "post", "service", "spring"), sent("2", 40, "push", "service", "spring")]
    assert violations(contacts, []) == (Violation("2", Breach.DUPLICATE_SEND),)


def test_consent_is_what_it_was_at_the_moment() -> None:
    """Each breach is told by what was missing; post and push need none."""
    decisions = [
        decided(Will.GRANTED, 0),
        decided(Will.WITHDRAWN, 20, "mail:1", said=True),
        decided(Will.WITHDRAWN, 40),
    ]
    contacts = [
        sent("before", -10, "email"),
        sent("granted", 10, "email"),
        sent("said", 30, "email"),
        sent("taken back", 50, "email"),
        sent("post", 60),
        sent("text", 70, "sms"),
    ]
    assert violations(contacts, decisions) == (
        Violation("before", Breach.NO_CONSENT),
        Violation("said", Breach.WITHDRAWN_IN_MESSAGE),
        Violation("taken back", Breach.WITHDRAWN),
        Violation("text", Breach.NO_CONSENT),
    )


def test_who_may_be_somebody_who_consented_is_accused_with_doubt() -> None:
    """Of missing consent alone, and only where the other had given it at the moment."""
    granted = Willed("ada too", "marketing.email", "crm:2", Will.GRANTED, day(0))
    twins = {ADA: ["ada too", "eve"]}
    contacts = [sent("before", -1, "email"), sent("after", 1, "email"), sent("text", 2, "sms")]
    assert violations(contacts, [granted], perhaps=twins) == (
        Violation("after", Breach.NO_CONSENT, doubtful=True),
        Violation("before", Breach.NO_CONSENT),
        Violation("text", Breach.NO_CONSENT),
    )
    taken = [granted, decided(Will.WITHDRAWN, 0)]
    assert violations([sent("after", 1, "email")], taken, perhaps=twins) == (Violation("after", Breach.WITHDRAWN),)


def test_nobody_breaks_rules_with_who_is_unknown() -> None:
    """A contact of nobody is none of anybody's."""
    assert violations([Outreach(str(n), None, day(n / 10), "post", "marketing", "one") for n in range(9)], []) == ()


moments = st.floats(0, 90, allow_nan=False)
contacts_of_ada = st.lists(st.tuples(moments, st.sampled_from(CHANNELS), st.sampled_from(["marketing", "service"])))


@given(contacts_of_ada, st.randoms(use_true_random=False))
def test_the_order_of_contacts_is_irrelevant(times: list[tuple[float, str, str]], chance: object) -> None:
    """The ledger goes by time."""
    contacts = [sent(str(place), at, channel, purpose) for place, (at, channel, purpose) in enumerate(times)]
    shuffled = list(contacts)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert violations(shuffled, []) == violations(contacts, [])


@given(contacts_of_ada)
def test_whoever_asks_first_never_exceeds_a_cap(times: list[tuple[float, str, str]]) -> None:
    """Sent is only what may be sent: then no stretch of any cap holds more than it allows."""
    ledger = Ledger(Rules())
    wills = {name: [decided(Will.GRANTED, -1, purpose=name)] for name in ("marketing.email", "marketing.phone")}
    kept: list[Outreach] = []
    for place, (at, channel, purpose) in enumerate(sorted(times)):
        one = sent(str(place), at, channel, purpose)
        situation = Situation(ledger, one.at, NOON, frozenset(CHANNELS), wills)
        if may_contact(situation, channel, purpose, one.campaign).allowed:
            ledger.enter(one)
            kept.append(one)
    for cap in CAPS:
        counted = [one.at for one in kept if one.purpose == "marketing" and cap.counts(one.channel)]
        for last in counted:
            assert sum(last - cap.within <= at <= last for at in counted) <= cap.most


# Rates


def answers(*, yes: int, of: int, channel: str = "email", customer: str = ADA, number: float = -1) -> list[Tried]:
    """So many contacts, the first of them answered."""
    return [Tried(customer, channel, day(number), place < yes) for place in range(of)]


PLAIN = Settings(half_life=1e9, segment_weight=2.0, company_weight=0.0, habit_weight=0.0)


def test_a_rate_by_hand() -> None:
    """The company: 4 of 10. Ada: 3 of 4 and two contacts' worth of the company's: (3 + 0.8) / (4 + 2)."""
    tried = [*answers(yes=3, of=4), *answers(yes=1, of=6, customer="bo")]
    rate = learned(tried, NOON, PLAIN).of(ADA, "email")
    assert rate.mean == pytest.approx(3.8 / 6)
    assert rate.deviation == pytest.approx(math.sqrt(3.8 * 2.2 / (36 * 7)))
    assert (rate.tried, rate.answered) == (4, 3)


def test_a_half_life_later_half_of_it_counts() -> None:
    """One answer of 100 days ago with a half-life of 100 days is half a contact; so the prior weighs more."""
    settings = Settings(half_life=100.0, segment_weight=2.0, company_weight=0.0, habit_weight=0.0)
    old = [*answers(yes=1, of=1, number=-100), *answers(yes=0, of=3, customer="bo", number=0)]
    prior = 0.5 / 3.5
    assert learned(old, NOON, settings).of(ADA, "email").mean == pytest.approx((0.5 + 2 * prior) / 2.5)


def test_who_was_never_contacted_has_the_rate_of_her_segment_and_it_leans_on_the_company() -> None:
    """The young answered 2 of 4, all 2 of 8; the segment is held to the company by a weight of 4."""
    tried = [*answers(yes=2, of=4, customer="young"), *answers(yes=0, of=4, customer="old")]
    rates = learned(tried, NOON, Settings(1e9, 2.0, 4.0, 0.0), {"young": "young", "old": "old", ADA: "young"})
    assert rates.of(ADA, "email").mean == pytest.approx((2 + 4 * 0.25) / 8)
    assert rates.of("nobody knows her", "email").mean == pytest.approx(0.25)


def test_how_she_comes_herself_counts_a_little() -> None:
    """A quarter of an answer, shared among what she uses."""
    settings = Settings(1e9, 2.0, 0.0, 0.25)
    rates = learned(answers(yes=1, of=4, customer="bo"), NOON, settings, habits={ADA: {"email": 3, "phone": 1}})
    assert rates.of(ADA, "email").mean == pytest.approx((0.5 + 0.1875) / 2.1875)


def test_what_comes_after_the_moment_is_not_looked_at() -> None:
    """Rates of a day are those that could be known then."""
    now = answers(yes=1, of=2)
    assert learned([*now, *answers(yes=9, of=9, number=1)], NOON, PLAIN).of(ADA, "email") == learned(
        now, NOON, PLAIN
    ).of(ADA, "email")


history = st.lists(
    st.builds(
        Tried,
        st.sampled_from([ADA, "bo", "cy"]),
        st.sampled_from(["email", "sms"]),
        st.floats(-900, 0, allow_nan=False).map(day),
        st.booleans(),
    ),
    max_size=30,
)


@given(history, st.floats(-900, 0, allow_nan=False))
def test_one_more_answer_never_lowers_the_rate(tried: list[Tried], number: float) -> None:
    """Nor does one more silence raise it."""
    settings = Settings()
    before = learned(tried, NOON, settings)
    if "email" not in before.channels:
        return
    was = before.of(ADA, "email").mean
    answered = learned([*tried, Tried(ADA, "email", day(number), answered=True)], NOON, settings)
    silent = learned([*tried, Tried(ADA, "email", day(number), answered=False)], NOON, settings)
    assert answered.of(ADA, "email").mean >= was - 1e-12
    assert silent.of(ADA, "email").mean <= was + 1e-12


@given(history, st.randoms(use_true_random=False))
def test_the_order_of_trials_is_irrelevant(tried: list[Tried], chance: object) -> None:
    """Rates go by time."""
    shuffled = list(tried)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    one, other = learned(tried, NOON), learned(shuffled, NOON)
    for channel in one.channels:
        assert one.of(ADA, channel).mean == pytest.approx(other.of(ADA, channel).mean)


def test_settings_are_those_that_foretell_best() -> None:
    """Customers who always or never answer are taken at their word soon: the lightest prior foretells best."""
    tried = [
        Tried(f"{name}{person}", "email", day(week * 7 - 300), name == "yes")
        for person in range(10)
        for week in range(40)
        for name in ("yes", "no")
    ]
    assert fitted(tried).segment_weight == min(WEIGHTS_TRIED)


WEIGHTS_TRIED = (1.0, 1.5, 2.0, 3.0, 5.0)


def test_foretold_is_only_what_was_known_before() -> None:
    """The first contact is foretold by the company alone, the second by the first too."""
    tried = [Tried(ADA, "email", day(0), answered=True), Tried(ADA, "email", day(0), answered=True)]
    (first, _), (second, _) = foretold(tried, PLAIN)
    assert first == pytest.approx(1 / 5)
    assert second == pytest.approx((1 + 2 * 2 / 6) / 3)


def test_a_reliability_table_by_hand() -> None:
    """Two of 0.1 of which one came, one of 1.0 that came: an error of (2 * 0.4 + 0) / 3."""
    found = reliability([(0.1, True), (0.1, False), (1.0, True)])
    assert found.bins == (Bin(0.1, 0.2, 2, 0.1, 0.5), Bin(0.9, 1.0, 1, 1.0, 1.0))
    assert found.calibration_error == pytest.approx(0.8 / 3)
    assert found.brier == pytest.approx((0.81 + 0.01) / 3)
    with pytest.raises(ValueError, match="nothing to compare"):
        reliability([])


# The channel

RATES = {
    "email": Rate(0.5, 0.1, 8, 4),
    "phone": Rate(0.6, 0.1, 4, 3),
    "post": Rate(0.1, 0.05, 0, 0),
    "sms": Rate(0.3, 0.1, 2, 0),
}
GRANTED = {name: [decided(Will.GRANTED, -9, purpose=name)] for name in ("marketing.email", "marketing.phone")}


def situation(**known: object) -> Situation:
    """Ada at noon: reachable on all channels, with consent to all."""
    plain: dict[str, object] = {
        "ledger": Ledger(Rules()),
        "at": NOON,
        "local": NOON,
        "reachable": frozenset(RATES),
        "wills": GRANTED,
    }
    return Situation(**(plain | known))  # type: ignore[arg-type]


def test_the_allowed_channel_with_the_highest_rate_is_advised() -> None:
    """0.6 against 0.5 with deviations of 0.1 each: 76 % sure."""
    advice = best_channel(situation(), RATES, "marketing")
    assert (advice.channel, advice.rejected) == ("phone", ())
    assert advice.confidence == pytest.approx(0.7602, abs=1e-4)
    assert advice.words == (
        "phone: an answer is likely in 60% of contacts; the customer answered 3 of 4 contacts there. "
        "Next best is email with 50%."
    )


@pytest.mark.parametrize(
    ("known", "refused"),
    [
        ({"wills": {}}, {"email": [Refusal.NO_CONSENT], "phone": [Refusal.NO_CONSENT], "sms": [Refusal.NO_CONSENT]}),
        ({"local": NOON.replace(hour=22)}, {"phone": [Refusal.QUIET_HOURS], "sms": [Refusal.QUIET_HOURS]}),
        ({"local": None}, {"phone": [Refusal.QUIET_HOURS], "sms": [Refusal.QUIET_HOURS]}),
        ({"reachable": frozenset({"post", "email"})}, {"phone": [Refusal.NO_ADDRESS], "sms": [Refusal.NO_ADDRESS]}),
        ({"open_complaint": True}, {name: [Refusal.OPEN_COMPLAINT] for name in RATES}),
        ({"restricted": True}, {name: [Refusal.RESTRICTED] for name in RATES}),
    ],
)
def test_each_rejected_channel_has_its_reasons(known: dict[str, object], refused: dict[str, list[Refusal]]) -> None:
    """What may not be used is told with why."""
    advice = best_channel(situation(**known), RATES, "marketing")
    assert {one.channel: list(one.refusals) for one in advice.rejected} == refused
    assert advice.channel not in refused
    assert (advice.channel is None) is (len(refused) == len(RATES))


def test_caps_reject_channels_and_service_goes_on() -> None:
    """After three in a week nothing more for marketing; a message about an order may be sent all the same."""
    ledger = Ledger(Rules())
    for number in range(3):
        ledger.enter(sent(str(number), number - 3))
    full = situation(ledger=ledger, open_complaint=True)
    assert may_contact(full, "email", "marketing").refusals == (Refusal.WEEK_CAP, Refusal.OPEN_COMPLAINT)
    assert may_contact(full, "email", "service").allowed
    assert may_contact(full, "email", "service", "2").refusals == (Refusal.DUPLICATE_SEND,)
    assert "a complaint of the customer is open" in may_contact(full, "email", "marketing").words


@pytest.mark.parametrize(("hour", "silent"), [(7, True), (8, False), (19, False), (20, True), (0, True)])
def test_quiet_hours_go_through_midnight(hour: int, silent: bool) -> None:
    """From eight in the evening until eight in the morning."""
    assert QuietHours().forbid("phone", NOON.replace(hour=hour)) is silent
    assert not QuietHours().forbid("email", NOON.replace(hour=hour))
    assert QuietHours(time(12), time(14)).forbid("sms", NOON.replace(hour=13))


@given(st.dictionaries(st.sampled_from(CHANNELS), st.floats(0.01, 0.99), min_size=1), st.booleans(), st.booleans())
def test_what_is_advised_may_be_used_and_nothing_allowed_is_better(
    means: dict[str, float], complains: bool, consents: bool
) -> None:
    """Whatever the rates are."""
    rates = {name: Rate(mean, 0.1, 1, 1) for name, mean in means.items()}
    now = situation(reachable=frozenset(CHANNELS), open_complaint=complains, wills=GRANTED if consents else {})
    advice = best_channel(now, rates, "marketing")
    allowed = [name for name in rates if may_contact(now, name, "marketing").allowed]
    assert (advice.channel in allowed) or (advice.channel is None and not allowed)
    assert all(rates[name].mean <= rates[str(advice.channel)].mean for name in allowed)
    assert {one.channel for one in advice.rejected} == set(rates) - set(allowed)


# When again


@given(contacts_of_ada, st.sampled_from(CHANNELS), st.integers(0, 23), st.sampled_from(["Europe/Berlin", "Asia/Tokyo"]))
def test_when_it_may_again_is_the_first_moment_at_which_nothing_speaks_against_it(
    times: list[tuple[float, str, str]], channel: str, hour: int, zone: str
) -> None:
    """Caps and quiet hours end by themselves: then it may, and not a moment before."""
    ledger = Ledger(Rules())
    for place, (number, on, purpose) in enumerate(times):
        ledger.enter(sent(str(place), -number, on, purpose))
    at = NOON.replace(hour=hour)
    (local,) = local_times(at, (zone,))
    now = situation(ledger=ledger, at=at, local=local, reachable=frozenset(CHANNELS))
    again = may_again(now, channel, "marketing")
    if may_contact(now, channel, "marketing").allowed:
        assert again is None
        return
    assert again is not None

    def then(moment: datetime) -> Situation:
        return situation(ledger=ledger, at=moment, local=moment.astimezone(local.tzinfo), reachable=frozenset(CHANNELS))

    assert may_contact(then(again), channel, "marketing").allowed
    assert not may_contact(then(again - timedelta.resolution), channel, "marketing").allowed


def test_what_time_does_not_heal_has_no_end() -> None:
    """A cap that ends is of no use where consent is missing; nor where nobody knows where she lives."""
    assert may_again(situation(wills={}), "email", "marketing") is None
    assert may_again(situation(local=None), "phone", "marketing") is None
    never = Rules(caps=(Cap(Breach.WEEK_CAP, 0, timedelta(days=7)),))
    assert may_again(situation(ledger=Ledger(never)), "email", "marketing") is None
    assert may_again(situation(wills={}), "email", "marketing", heeded=[Refusal.WEEK_CAP]) is None


def test_what_she_agreed_to_in_a_month_is_counted_by_its_own_purpose() -> None:
    """Two for one purpose leave the other alone."""
    limit = Cap(Breach.MONTH_LIMIT, 2, timedelta(days=30), purposes=frozenset({"tips"}))
    ledger = Ledger(Rules(marketing=frozenset(), caps=(limit,)))
    for number in (1, 20):
        ledger.enter(sent(str(number), -number, "email", "tips"))
    assert ledger.breaches(NOON, "email", "tips") == (Breach.MONTH_LIMIT,)
    assert ledger.breaches(NOON, "email", "news") == ()
    assert ledger.until(Breach.MONTH_LIMIT, NOON, "email", "tips") == day(10) + timedelta.resolution


def test_a_purpose_that_has_to_be_agreed_to_is_asked_for_beside_that_of_the_channel() -> None:
    """Either is missing; both are told as one reason."""
    ledger = Ledger(Rules(marketing=frozenset({"news"}), asked=frozenset({"news"})))
    yes = {name: [decided(Will.GRANTED, -9, purpose=name)] for name in ("news", "marketing.email")}
    assert ledger.breaches(NOON, "email", "news", wills=yes) == ()
    for missing in yes:
        wills = {name: will for name, will in yes.items() if name != missing}
        assert ledger.breaches(NOON, "email", "news", wills=wills) == (Breach.NO_CONSENT,)
    assert ledger.breaches(NOON, "post", "news", wills={"news": yes["news"]}) == ()


def test_a_country_has_the_zones_in_which_its_clocks_differ() -> None:
    """A state tells more where there is one; of nowhere nothing is known."""
    assert zones_of("FR") == ("Europe/Paris",)
    assert zones_of("ES") == ("Europe/Madrid", "Atlantic/Canary")
    assert zones_of("US", " ca") == ("America/Los_Angeles",)
    assert len(zones_of("US", "nowhere")) > 4
    assert zones_of(None) == zones_of("XX") == ()


def test_of_several_zones_none_may_be_silent() -> None:
    """At nine in the morning in New York it is six in Los Angeles."""
    at = datetime(2026, 6, 1, 13, 0, tzinfo=UTC)
    local, *elsewhere = local_times(at, ("America/New_York", "America/Los_Angeles"))
    now = situation(at=at, local=local, elsewhere=tuple(elsewhere))
    assert may_contact(now, "phone", "marketing").refusals == (Refusal.QUIET_HOURS,)
    assert may_again(now, "phone", "marketing") == at + timedelta(hours=2)


# What is kept


people = st.sampled_from(["ada", "bo", "cy", "di"])
tried_by_anybody = st.lists(st.tuples(people, st.sampled_from(CHANNELS), moments, st.booleans()), min_size=1)


@given(tried_by_anybody, st.dictionaries(people, st.sampled_from(["young", "old"])), people, st.sampled_from(CHANNELS))
def test_what_is_kept_and_her_own_contacts_are_her_rate(
    tried: list[tuple[str, str, float, bool]], segments: dict[str, str], who: str, channel: str
) -> None:
    """As it was learned from everybody's at once."""
    every = [Tried(person, on, day(-number), answered) for person, on, number, answered in tried]
    habits = {"ada": {"email": 2.0, "phone": 1.0}}
    rates = learned(every, NOON, Settings(), segments, habits)
    own = [one for one in every if one.customer == who]
    kept = rates.usual(1).of(own, channel, NOON, segments.get(who), habits.get(who, {}))
    assert kept.tried == rates.of(who, channel).tried
    assert kept.mean == pytest.approx(rates.of(who, channel).mean)
    assert kept.deviation == pytest.approx(rates.of(who, channel).deviation)


def test_rates_of_few_are_not_kept() -> None:
    """Three people of a segment are told as the company, and a channel on which there were three not at all."""
    every = [Tried(f"c{n}", "email", day(-n), answered=True) for n in range(6)]
    every += [Tried(f"c{n}", "phone", day(-n), answered=True) for n in range(3)]
    segments = {f"c{n}": "young" for n in range(3)}
    kept = learned(every, NOON, Settings(), segments).usual(4)
    assert set(kept.rates) == {(None, "email")}
    assert kept.of([], "email", NOON, "young").mean == pytest.approx(1.0)
    assert kept.of([], "phone", NOON, "young").mean == 0.0
