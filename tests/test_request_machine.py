"""The machine of requests: what can be done in each state, by when, on which grounds; and which rights there are."""

from calendar import monthrange
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from privacy.requests import (
    AT_ONCE,
    GROUNDS,
    MACHINES,
    OPEN,
    Step,
    after,
    due,
    extended,
    law_of_refusal,
    tables,
)
from schema.enums import PrivacyRequestKind as Kind
from schema.enums import PrivacyRequestState as State
from schema.enums import RefusalGround as Ground
from schema.errors import ExtensionRefused, RefusalRefused, RequestStepRefused
from schema.purposes import PURPOSES, LegalBasis
from schema.rights import LAW, in_words, reaches, rights_offered
from server.requests import show

KINDS = st.sampled_from(list(Kind))
MOMENTS = st.integers(0, 9 * 365 * 24 * 60).map(
    lambda passed: datetime(2024, 1, 1, tzinfo=UTC) + timedelta(minutes=passed)
)
NORMALLY = {name: purpose.basis for name, purpose in PURPOSES.items()}
ENDS = {State.FULFILLED, State.REFUSED, State.CANCELLED, State.LIFTED}


def walked(kind: Kind, steps: list[Step]) -> list[State]:
    """The states of a request to which one tries to do these things in turn; what is refused does nothing."""
    states = [State.RECEIVED]
    for step in steps:
        try:
            states.append(after(kind, states[-1], step))
        except RequestStepRefused:
            states.append(states[-1])
    return states


@given(KINDS, st.lists(st.sampled_from(list(Step)), max_size=12))
def test_nothing_is_fulfilled_before_it_is_known_who_asks(kind: Kind, steps: list[Step]) -> None:
    """Whatever is tried in whatever order."""
    states = walked(kind, steps)
    if State.FULFILLED in states:
        proven = states.index(State.IDENTIFIED)
        assert proven < states.index(State.FULFILLED)
        assert Step.PROVE in steps[:proven]


@given(KINDS, st.lists(st.sampled_from(list(Step)), max_size=12))
def test_what_has_ended_stays_so(kind: Kind, steps: list[Step]) -> None:
    """Only a restriction that holds can be lifted, and that is the end."""
    states = walked(kind, steps)
    for before, now in pairwise(states):
        if before in ENDS and now is not before:
            assert (kind, before, now) == (Kind.RESTRICTION, State.FULFILLED, State.LIFTED)


@pytest.mark.parametrize("kind", Kind)
def test_every_state_is_reached_and_every_request_can_end(kind: Kind) -> None:
    """LIFTED by restrictions alone. From each open state there is a way to an answer."""
    reached = {State.RECEIVED}
    while more := {to for (state, _), to in MACHINES[kind].items() if state in reached} - reached:
        reached |= more
    assert reached == set(State) - (set() if kind is Kind.RESTRICTION else {State.LIFTED})
    for state in OPEN:
        assert after(kind, state, Step.REFUSE) is State.REFUSED
        assert after(kind, state, Step.CANCEL) is State.CANCELLED


@pytest.mark.parametrize("kind", Kind)
def test_what_takes_work_is_begun_before_it_is_fulfilled(kind: Kind) -> None:
    """What the answer itself carries out is not."""
    if kind in AT_ONCE:
        assert after(kind, State.IDENTIFIED, Step.FULFIL) is State.FULFILLED
    else:
        with pytest.raises(RequestStepRefused):
            after(kind, State.IDENTIFIED, Step.FULFIL)


@pytest.mark.parametrize(
    ("received", "month", "three"),
    [
        ("2026-01-31T10:00", "2026-02-28T10:00", "2026-04-30T10:00"),
        ("2028-01-30T10:00", "2028-02-29T10:00", "2028-04-30T10:00"),
        ("2026-11-15T10:00", "2026-12-15T10:00", "2027-02-15T10:00"),
        ("2026-12-31T23:59", "2027-01-31T23:59", "2027-03-31T23:59"),
    ],
)
def test_a_month_is_one_of_the_calendar(received: str, month: str, three: str) -> None:
    """To the day of the same number, or the last."""
    came = datetime.fromisoformat(received).replace(tzinfo=UTC)
    assert f"{due(Kind.ACCESS, came):%Y-%m-%dT%H:%M}" == month
    assert f"{due(Kind.ACCESS, came, extended=True):%Y-%m-%dT%H:%M}" == three


@given(KINDS, MOMENTS)
def test_a_month_is_never_longer_than_one(kind: Kind, received: datetime) -> None:
    """Nor shorter than February, unless California asks for less."""
    until = due(kind, received)
    days = (until - received).days
    assert days == 15 if kind is Kind.OPT_OUT_OF_SALE else 28 <= days <= monthrange(received.year, received.month)[1]
    assert until > received


@given(st.sampled_from([kind for kind in Kind if (State.RECEIVED, Step.EXTEND) in MACHINES[kind]]), MOMENTS, st.data())
def test_the_time_moves_by_one_extension_alone(kind: Kind, received: datetime, data: st.DataObject) -> None:
    """Before it is over, and the person was told by then."""
    first = due(kind, received)
    seconds = int((first - received).total_seconds())
    now = received + timedelta(seconds=data.draw(st.integers(0, seconds - 1)))
    told = received + timedelta(seconds=data.draw(st.integers(0, int((now - received).total_seconds()))))
    assert extended(kind, received, told, now, already=False) == due(kind, received, extended=True) > first
    for case in (
        {"told": told, "now": now, "already": True},
        {"told": told, "now": first, "already": False},
        {"told": now + timedelta(seconds=1), "now": now, "already": False},
        {"told": received - timedelta(seconds=1), "now": now, "already": False},
    ):
        with pytest.raises(ExtensionRefused):
            extended(kind, received, **case)  # type: ignore[arg-type]  # three of three types


def test_what_the_law_does_not_extend_has_no_step_for_it() -> None:
    """Art. 12(3) speaks of art. 15 to 22."""
    never = {kind for kind in Kind if not any(step is Step.EXTEND for _, step in MACHINES[kind])}
    assert never == {Kind.WITHDRAWAL, Kind.OPT_OUT_OF_SALE}


@given(KINDS, st.sampled_from(list(OPEN)), st.sampled_from(list(Ground)))
def test_a_refusal_has_its_article(kind: Kind, state: State, ground: Ground) -> None:
    """Or there is none; that nobody knows who asks is no ground once it is known."""
    possible = kind in GROUNDS[ground] and not (ground is Ground.IDENTITY_NOT_PROVEN and state is not State.RECEIVED)
    if possible:
        assert law_of_refusal(kind, state, ground) == GROUNDS[ground][kind]
    else:
        with pytest.raises(RefusalRefused):
            law_of_refusal(kind, state, ground)


def test_who_takes_a_consent_back_or_wants_no_advertising_is_not_refused() -> None:
    """A consent is withdrawn at any time (art. 7(3)); an objection to direct marketing is not weighed (art. 21(3))."""
    for ground in Ground:
        with pytest.raises(RefusalRefused):
            law_of_refusal(Kind.WITHDRAWAL, State.IDENTIFIED, ground)
    for ground in (Ground.COMPELLING_GROUNDS, Ground.LEGAL_CLAIMS, Ground.NOT_APPLICABLE):
        assert law_of_refusal(Kind.OBJECTION, State.IDENTIFIED, ground)
        with pytest.raises(RefusalRefused):
            law_of_refusal(Kind.OBJECTION, State.IDENTIFIED, ground, advertises=True)


def test_rights_follow_from_the_bases_that_carry_what_is_done() -> None:
    """As the law says of each basis; nothing is offered that is not there."""
    offered = {one.right: set(one.purposes) for one in rights_offered(NORMALLY)}
    consented = {"marketing.email", "marketing.phone", "analytics", "sharing"}
    assert offered[Kind.WITHDRAWAL] == consented
    assert offered[Kind.PORTABILITY] == consented | {"service", "service.messages"}
    assert offered[Kind.OBJECTION] == {"fraud", "operations", "marketing.email", "marketing.phone"}
    assert offered[Kind.OPT_OUT_OF_SALE] == {"sharing"}
    assert offered[Kind.ACCESS] == set(PURPOSES)
    (erasure,) = (one for one in rights_offered(NORMALLY) if one.right is Kind.ERASURE)
    assert set(erasure.limited_by) == {"stewardship", "privacy", "self", "audit"}
    assert in_words(erasure).endswith("what is held for stewardship, privacy, self, audit stays.")


@pytest.mark.parametrize(
    ("carried", "missing"),
    [
        ({}, {Kind.PORTABILITY, Kind.OBJECTION, Kind.WITHDRAWAL, Kind.OPT_OUT_OF_SALE}),
        ({"service": LegalBasis.CONTRACT}, {Kind.OBJECTION, Kind.WITHDRAWAL, Kind.OPT_OUT_OF_SALE}),
        ({"fraud": LegalBasis.LEGITIMATE_INTEREST}, {Kind.PORTABILITY, Kind.WITHDRAWAL, Kind.OPT_OUT_OF_SALE}),
        ({"analytics": LegalBasis.CONSENT}, {Kind.OBJECTION, Kind.OPT_OUT_OF_SALE}),
        ({"gone since": LegalBasis.PUBLIC_TASK}, {Kind.PORTABILITY, Kind.WITHDRAWAL, Kind.OPT_OUT_OF_SALE}),
    ],
)
def test_what_no_basis_gives_is_not_offered(carried: dict[str, LegalBasis], missing: set[Kind]) -> None:
    """A copy, a correction and an erasure always are: what is held may be wrong, or held for too long."""
    assert set(Kind) - {one.right for one in rights_offered(carried)} == missing


def test_every_right_has_its_law_and_every_request_that_stops_something_names_what() -> None:
    """Of the purposes that there are."""
    assert set(LAW) == set(Kind)
    assert {kind for kind in Kind if reaches(kind)} == AT_ONCE - {Kind.RESTRICTION}


def test_what_waits_is_listed_with_the_days_that_are_left(capsys: pytest.CaptureFixture[str]) -> None:
    """Below nought where it is late."""
    now = datetime(2026, 11, 27, 12, tzinfo=UTC)

    def waits(name: str, days: int) -> dict[str, object]:
        due_at = int((now + timedelta(days=days, hours=1)).timestamp() * 1000)
        return {"id": name, "kind": "ACCESS", "state": "RECEIVED", "due": due_at}

    show([waits("req_late", -3), waits("req_soon", 2)], now)
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert lines[1:] == [
        ["req_late", "ACCESS", "RECEIVED", "2026-11-24", "-3"],
        ["req_soon", "ACCESS", "RECEIVED", "2026-11-29", "2"],
    ]


def test_the_documentation_shows_the_tables() -> None:
    """`python -m privacy.requests` prints them."""
    page = (Path(__file__).parents[1] / "docs" / "privacy.md").read_text(encoding="utf-8")
    for table in tables().split("\n\n"):
        assert table in page, "docs/privacy.md: take the tables that `python -m privacy.requests` prints."
