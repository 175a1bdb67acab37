"""Which contacts belong to which case: what records say, and what these teach about those that say nothing."""

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from insight.contacts import Contact, Medium, ServiceCase
from insight.links import Link, case_links, shown_links

START = datetime(2026, 1, 1, 9, 0, tzinfo=UTC)


def contact(key: str, hours: float, medium: Medium = Medium.CALL, **known: object) -> Contact:
    """A contact so many hours after the start."""
    system = {Medium.CALL: "calls", Medium.MAIL: "mail", Medium.CHAT: "chats"}[medium]
    return Contact((system, key), START + timedelta(hours=hours), medium, **known)  # type: ignore[arg-type]


def case(key: str, hours: float, medium: Medium = Medium.CALL, **known: object) -> ServiceCase:
    """A case that was open for two days."""
    opened = START + timedelta(hours=hours)
    return ServiceCase(key, opened, opened + timedelta(days=2), medium=medium, **known)  # type: ignore[arg-type]


def pairs(links: tuple[Link, ...]) -> set[tuple[str, str]]:
    """Case and contact of each."""
    return {(one.case, one.contact[1]) for one in links}


def test_what_names_a_case_begins_it_or_stands_in_its_thread_is_shown() -> None:
    """By the text, by the origin and by the thread; what names two cases names none."""
    contacts = [
        contact("named", 9, cases=("CS-1",)),
        contact("origin", 1),
        contact("root", 2, Medium.MAIL, thread="root"),
        contact("reply", 3, Medium.MAIL, thread="root"),
        contact("elsewhere", 4, Medium.MAIL, thread="root", cases=("CS-1",)),
        contact("two", 5, cases=("CS-1", "CS-2")),
        contact("unknown", 6, cases=("CS-9",)),
    ]
    cases = [case("CS-1", 2, origin="origin"), case("CS-2", 3, thread="root")]
    assert pairs(shown_links(contacts, cases)) == {
        ("CS-1", "named"),
        ("CS-1", "origin"),
        ("CS-1", "elsewhere"),
        ("CS-2", "root"),
        ("CS-2", "reply"),
    }


def test_a_thread_goes_where_its_messages_say_unless_they_disagree() -> None:
    """One case is named: all go there; two: only those that name one."""
    one = [contact("a", 1, Medium.MAIL, thread="a"), contact("b", 2, Medium.MAIL, thread="a", cases=("CS-1",))]
    both = [*one, contact("c", 3, Medium.MAIL, thread="a", cases=("CS-2",))]
    cases = [case("CS-1", 2), case("CS-2", 2)]
    assert pairs(shown_links(one, cases)) == {("CS-1", "a"), ("CS-1", "b")}
    assert pairs(shown_links(both, cases)) == {("CS-1", "b"), ("CS-2", "c")}


def lessons() -> Iterator[tuple[Contact, ServiceCase, Contact]]:
    """Forty customers with two cases each, ten days apart: a call five minutes before, a call a day later."""
    for number in range(80):
        customer, hours, key = f"customer {number // 2}", number * 240.0, f"CS-{number}"
        opened = case(key, hours, customer=customer, origin=f"first {number}")
        first = contact(f"first {number}", hours - 1 / 12, customer=customer)
        yield first, opened, contact(f"second {number}", hours + 24, customer=customer, cases=(key,))


def taught(*more: Contact) -> list[Contact]:
    """The contacts that teach, and more."""
    return [*(one for first, _, second in lessons() for one in (first, second)), *more]


CASES = [opened for _, opened, _ in lessons()]


@pytest.mark.parametrize(
    ("hidden", "belongs"),
    [
        (contact("h", 4800 + 25, customer="customer 10"), "CS-20"),
        (contact("h", 4800 + 24 * 30, customer="customer 10"), None),
        (contact("h", 4800 + 25, customer="customer 11"), None),
        (contact("h", 4800 + 25), None),
    ],
)
def test_a_hidden_contact_goes_to_the_case_that_looks_like_the_shown_ones(hidden: Contact, belongs: str | None) -> None:
    """The same customer, a day later; not a month later, not another's, not nobody's."""
    found = {one.contact[1]: one for one in case_links(taught(hidden), CASES)}
    assert (found["h"].case if "h" in found else None) == belongs
    if belongs:
        assert not found["h"].shown
        assert 0.5 <= found["h"].probability < 1


def test_the_call_before_an_opening_began_the_case_though_nobody_knows_whose_it_is() -> None:
    """Of one who is another's nothing is told."""
    opened = case("CS-new", 9000, customer=None)
    caller = contact("h", 9000 - 1 / 12)
    # What teaches it: calls of unknown callers that began cases of unknown customers.
    unknown = [contact(f"u {n}", 10_000 + n * 240 - 1 / 12) for n in range(40)]
    theirs = [case(f"CS-u{n}", 10_000 + n * 240, origin=f"u {n}") for n in range(40)]
    cases = [*CASES, *theirs, opened]
    assert ("CS-new", "h") in pairs(case_links(taught(*unknown, caller), cases))
    known = [*CASES, *theirs, replace(opened, customer="somebody")]
    other = replace(caller, customer="somebody else")
    assert ("CS-new", "h") not in pairs(case_links(taught(*unknown, other), known))


def test_a_case_begins_once() -> None:
    """Of a case whose first contact is shown, no other one before its opening is the first."""
    hidden = contact("h", 4800 - 1 / 10, customer="customer 10")
    assert ("CS-20", "h") not in pairs(case_links(taught(hidden), CASES))
    unsaid = [replace(one, origin=None) if one.key == "CS-20" else one for one in CASES]
    without = [one for one in taught(hidden) if one.key[1] != "first 20"]
    assert ("CS-20", "h") in pairs(case_links(without, unsaid))


def test_another_topic_speaks_against_a_case() -> None:
    """Where shown pairs agree on their topic, one that does not is none."""
    topics = {one.key: "leaks" for one in taught()} | {("cases", one.key): "leaks" for one in CASES}
    # Some shown contacts fit in time the other case of their customer too, on another topic: so topics are learned.
    others = [case(f"CS-o{n}", n * 240.0 + 1, customer=f"customer {n // 2}") for n in range(80)]
    topics |= {("cases", one.key): "bills" for one in others}
    hidden = contact("h", 4800 + 25, customer="customer 10")
    found = case_links(taught(hidden), [*CASES, *others], topics | {hidden.key: "bills"})
    assert ("CS-20", "h") not in pairs(found)
    agreeing = case_links(taught(hidden), [*CASES, *others], topics | {hidden.key: "leaks"})
    assert ("CS-20", "h") in pairs(agreeing)


def test_without_shown_links_nothing_hidden_is_told() -> None:
    """There is nothing to learn from."""
    contacts = [contact("h", 1, customer="a")]
    assert case_links(contacts, [case("CS-1", 1, customer="a")]) == ()


def test_a_contact_belongs_to_one_case_and_the_order_is_irrelevant() -> None:
    """Also where two cases of a customer are open at once."""
    hidden = [contact(f"h {n}", n * 240 + 30, customer=f"customer {n // 2}") for n in range(0, 80, 7)]
    twins = [case(f"CS-t{n}", n * 240 + 2, customer=f"customer {n // 2}") for n in range(0, 80, 7)]
    contacts, cases = taught(*hidden), [*CASES, *twins]
    found = case_links(contacts, cases)
    assert len({one.contact for one in found}) == len(found)
    random.Random(4).shuffle(contacts)
    random.Random(5).shuffle(cases)
    assert case_links(contacts, cases) == found


def test_answers_of_the_desk_go_with_their_thread_and_are_no_contact_themselves() -> None:
    """A hidden mail of the customer takes the answer along; an answer alone is linked to nothing."""
    mails = [
        contact("m", 4800 + 25, Medium.MAIL, customer="customer 10", thread="m"),
        contact("answer", 4800 + 26, Medium.MAIL, by_customer=False, customer="customer 10", thread="m"),
        contact("alone", 4800 + 26, Medium.MAIL, by_customer=False, customer="customer 10", thread="alone"),
    ]
    found = pairs(case_links(taught(*mails), CASES))
    assert {("CS-20", "m"), ("CS-20", "answer")} <= found
    assert "alone" not in {key for _, key in found}
