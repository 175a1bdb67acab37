"""Recurring issues of a bicycle shop, in two languages and in the words of its desk."""

import random
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from insight.contacts import Key, ServiceCase
from insight.themes.bundles import Told, bundles
from insight.themes.grouping import Grouping, alike, grouped
from insight.themes.themes import Nature, themes
from insight.themes.trend import Trend, trend
from insight.themes.vectors import cosine, joined
from insight.themes.words import Telling, telling, words

START = datetime(2024, 1, 1, tzinfo=UTC)
NOW = datetime(2026, 1, 15, tzinfo=UTC)

SAID = {
    "brakes": (
        "the brakes squeal on every hill",
        "squealing brakes again after the repair",
        "die Bremsen quietschen an jedem Berg",
        "nach der Reparatur quietscht die Bremse weiter",
    ),
    "lock": (
        "the key is stuck in my frame lock",
        "my lock will not open with the key",
        "der Schlüssel steckt im Rahmenschloss fest",
        "mein Schloss geht mit dem Schlüssel nicht auf",
    ),
    "invoice": (
        "please send me an invoice for my taxes",
        "could I have the invoice once more",
        "bitte schicken Sie mir eine Rechnung für die Steuer",
        "ich brauche die Rechnung noch einmal",
    ),
}
TITLES = {"brakes": ("brake noise", "squeal"), "lock": ("stuck lock", "key problem"), "invoice": ("copy of bill",)}
FILLERS = ("Hello, I am rather cross: {}. Please ring me.", "Guten Tag, {}. Ich warte.", "{}", "Sorry, but {} today.")


class Shop:
    """What is told to the shop: for each topic so many cases, each with one contact or two."""

    def __init__(self, cases: int = 24) -> None:
        chance = random.Random(1)
        self.topic: dict[Key, str] = {}
        self.told: list[Told] = []
        self.cases: list[ServiceCase] = []
        self.links: list[tuple[Key, Key]] = []
        for topic, ways in SAID.items():
            for number in range(cases):
                key, at = f"{topic}-{number}", START + timedelta(days=number * 30)
                title = TITLES[topic][number % len(TITLES[topic])] if number % 8 else "misc"
                teams = ("Workshop",) if topic == "invoice" else ("Front", "Workshop")
                self.cases.append(ServiceCase(key, at, at, teams=teams, subject=title, resolution="DONE"))
                self.topic["cases", key] = topic
                for part in range(1 + number % 2):
                    mail = ("mail", f"{key}-{part}")
                    text = chance.choice(FILLERS).format(chance.choice(ways))
                    self.told.append(Told(mail, at, text, thread=mail[1]))
                    self.topic[mail] = topic
                    if number % 3:
                        self.links.append((("cases", key), mail))
        # A tenth is answered by the desk, whose words are the same whatever it is about.
        for one in self.told[::10]:
            reply = ("mail", f"re {one.key[1]}")
            self.told.append(Told(reply, one.at, "We shall see to it.", desk=True, thread=one.thread))
            self.topic[reply] = self.topic[one.key]

    @property
    def titles(self) -> Mapping[Key, str]:
        """The titles of the cases."""
        return {("cases", one.key): one.subject for one in self.cases}

    def grouped(self) -> Grouping:
        """Its groups."""
        return grouped(self.told, self.titles, self.links)


SHOP = Shop()
GROUPS = SHOP.grouped()


def test_texts_about_one_thing_are_one_group_in_whatever_language() -> None:
    """The desk's titles are the bridge: nearly every text is with its like, and three groups hold nearly all."""
    found: dict[str, dict[str, int]] = {}
    for key, group in GROUPS.of.items():
        found.setdefault(group, {}).setdefault(SHOP.topic[key], 0)
        found[group][SHOP.topic[key]] += 1
    largest = sorted(found.values(), key=lambda held: -sum(held.values()))[:3]
    assert sum(max(held.values()) for held in found.values()) >= 0.97 * sum(
        sum(held.values()) for held in found.values()
    )
    assert sum(sum(held.values()) for held in largest) >= 0.9 * len(SHOP.topic)
    assert {max(held, key=lambda topic: held[topic]) for held in largest} == set(SAID)


def test_a_title_that_says_nothing_makes_no_group() -> None:
    """What is called misc goes where the customer's words belong."""
    vague = [("cases", one.key) for one in SHOP.cases if one.subject == "misc"]
    placed = [key for key in vague if key in GROUPS.of]
    with_likes = [
        key
        for key in placed
        if sum(SHOP.topic[other] == SHOP.topic[key] for other, group in GROUPS.of.items() if group == GROUPS.of[key])
        > sum(group == GROUPS.of[key] for group in GROUPS.of.values()) / 2
    ]
    assert with_likes == placed
    assert len(placed) >= len(vague) / 2


def test_an_answer_of_the_desk_goes_with_its_thread() -> None:
    """Its own words say nothing."""
    replies = [one.key for one in SHOP.told if one.desk]
    copied = Told(("mail", "re brakes"), START, SAID["brakes"][0], desk=True)
    assert copied.key not in grouped([*SHOP.told, copied], SHOP.titles, SHOP.links).alone
    (spoken,) = bundles([Told(("mail", "a"), START, "the brakes squeal", desk=True)], {}, [])
    assert (dict(spoken.words), spoken.spoken) == ({}, False)
    asked = {("mail", key[1].removeprefix("re ")): key for key in replies}
    assert all(GROUPS.of.get(question) == GROUPS.of.get(reply) for question, reply in asked.items())


def test_the_order_of_texts_is_irrelevant() -> None:
    """Shuffled texts, titles and links make the same groups, called the same."""
    shop = Shop()
    for held in (shop.told, shop.cases, shop.links):
        random.Random(3).shuffle(held)
    assert shop.grouped() == GROUPS


def test_without_titles_and_links_ways_of_saying_that_come_again_are_groups() -> None:
    """Each language by itself, for nothing says that they are one; and no group mixes topics."""
    found = grouped(SHOP.told, {}, [])
    by: dict[str, set[str]] = {}
    for key, group in found.of.items():
        by.setdefault(group, set()).add(SHOP.topic[key])
    assert len(by) >= 3
    assert all(len(topics) == 1 for topics in by.values())


def test_groups_whose_texts_turned_out_to_be_alike_are_one() -> None:
    """By hand: what the first two share lifts their cosine to 0.22, and the third shares nothing."""
    forms = [("brake", "squeal", "hill"), ("brake", "squeal", "berg"), ("lock", "key", "stuck")]
    bags = [Counter(form) for form in forms for _ in range(10)]
    found: list[str | None] = [f"group {number}" for number in range(3) for _ in range(10)]
    known = Telling(30, {}, {word: 1.0 for form in forms for word in form})
    assert alike([*bags, Counter("x")], [*found, None], known) == {
        "group 0": list(range(20)),
        "group 2": list(range(20, 30)),
    }
    assert alike(bags[10:], found[10:], known) == {}


def test_few_and_empty_texts_are_in_no_group() -> None:
    """A single request is no issue."""
    lonely = Told(("mail", "x"), START, "where do I park my caravan")
    assert grouped([lonely], {}, []).of == {}
    assert grouped([replace(lonely, text="")], {}, []) == Grouping({}, {})


def test_themes_are_told_with_counts_course_words_and_examples() -> None:
    """The invoice is a request, for one team settles it and hands nothing over; the other two are issues."""
    customers = {one.key: one.key[1].rpartition("-")[0] for one in SHOP.told}
    found = themes(SHOP.told, SHOP.cases, GROUPS, NOW, customers=customers)
    issues = [one for one in found if one.nature is Nature.ISSUE]
    assert {title for one in issues for title in one.titles} - {"misc"} == {*TITLES["brakes"], *TITLES["lock"]}
    (invoice,) = [one for one in found if "copy of bill" in one.titles]
    assert invoice.nature is Nature.REQUEST
    brakes = next(one for one in issues if "squeal" in one.titles)
    assert brakes.records == sum(group == brakes.key for group in GROUPS.of.values())
    assert brakes.cases + sum(1 for one in SHOP.told if GROUPS.of.get(one.key) == brakes.key) == brakes.records
    assert sum(count for _, count in brakes.months) == brakes.records
    assert (brakes.months[0][0], brakes.months[-1][0]) == ("2024-01", "2026-01")
    assert {"brakes", "bremsen"} & set(brakes.words)
    assert any("squeal" in text or "quietsch" in text for text in brakes.examples)
    assert len(set(brakes.examples)) == len(brakes.examples)


def test_a_word_of_one_customer_is_no_word_of_a_theme() -> None:
    """However often she writes it: it may be her name."""
    told = [replace(one, text=f"{one.text} Zuleika") if "brakes" in one.key[1] else one for one in SHOP.told]
    groups = grouped(told, SHOP.titles, SHOP.links)
    hers = {one.key: "z" for one in told}
    assert not any(one.words for one in themes(told, SHOP.cases, groups, NOW, customers=hers))
    many = {one.key: one.key[1].rpartition("-")[0] for one in told}
    assert any("zuleika" in one.words for one in themes(told, SHOP.cases, groups, NOW, customers=many))


def test_what_customers_will_is_a_request_and_what_ends_alike_too() -> None:
    """Where most say what they will; and a group whose cases end as those do."""
    willed = {key for key, topic in SHOP.topic.items() if topic == "brakes" and key[0] == "mail"}
    ends = {"brakes": "PRIVACY", "lock": "PRIVACY", "invoice": "DONE"}
    cases = [replace(one, resolution=ends[SHOP.topic["cases", one.key]]) for one in SHOP.cases]
    # The commonest end of all says nothing.
    cases += [ServiceCase(f"x{number}", START, START, resolution="DONE") for number in range(60)]
    found = themes(SHOP.told, cases, GROUPS, NOW, willed)
    assert {one.nature for one in found} == {Nature.REQUEST}


# Parts


def test_words_are_without_marks_endings_numbers_and_placeholders() -> None:
    """What was taken out stays out."""
    assert words("Straßen, Strassen: [NAME] called K-123456 re 2x CAFÉS (3 cafés)") == {
        "strass": 2,
        "called": 1,
        "re": 1,
        "cafes": 2,
    }


def test_a_word_of_one_kind_of_case_tells_and_a_greeting_does_not() -> None:
    """By hand: of two kinds, the divergence of a word of one kind is log 2; of a word of both alike, nought."""
    kinds = [(words(f"hello {kind}"), kind) for kind in ("brakes", "locks") for _ in range(50)]
    known = telling([counted for counted, _ in kinds], kinds)
    assert known.tells["brakes"] == pytest.approx(0.6931 * 0.6931, rel=1e-3)
    assert known.tells["hello"] == 0


def test_a_thread_of_two_cases_is_torn_where_it_says_so() -> None:
    """Each message stays with its case."""
    told = [Told(("mail", key), START, key, thread="t") for key in ("a", "b", "c")]
    titles = {("cases", "1"): "one", ("cases", "2"): "two"}
    links = [(("cases", "1"), ("mail", "a")), (("cases", "2"), ("mail", "b"))]
    found = {one.members for one in bundles(told, titles, links)}
    assert found == {(("cases", "1"), ("mail", "a")), (("cases", "2"), ("mail", "b")), (("mail", "c"),)}


def test_groups_are_joined_for_what_they_are_as_a_whole() -> None:
    """A chain of neighbours is no group: its ends have nothing in common."""
    chain = [{"a": 1.0, "b": 1.0}, {"b": 1.0, "c": 1.0}, {"c": 1.0, "d": 1.0}, {"d": 1.0, "e": 1.0}]
    assert joined(chain, 0.4) == [[0, 1], [2, 3]]
    assert cosine(chain[0], chain[1]) == pytest.approx(0.5)
    assert cosine(chain[0], {}) == 0


@pytest.mark.parametrize(
    ("counts", "course"),
    [
        ([5] * 24, Trend.STEADY),
        ([1] * 12 + [6] * 12, Trend.GROWING),
        ([6] * 12 + [2] * 12, Trend.DECLINING),
        ([8] * 18 + [0] * 6, Trend.OVER),
        ([0] * 10 + [20, 20] + [0] * 10 + [20, 20], Trend.SEASONAL),
        ([0] * 22 + [20, 20], Trend.GROWING),
        ([0, 1, 0, 1, 1, 0, 0, 0], Trend.STEADY),
        ([], Trend.STEADY),
    ],
)
def test_the_course_of_monthly_counts(counts: list[int], course: Trend) -> None:
    """One busy winter is no season, and three quiet months of a rare thing are no end."""
    assert trend(counts) is course


@given(st.lists(st.integers(0, 50), max_size=40))
def test_every_course_has_a_name(counts: list[int]) -> None:
    """Whatever the counts are."""
    assert trend(counts) in Trend
