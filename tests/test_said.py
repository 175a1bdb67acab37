"""What customers say of their own accord is found in what they write, and nothing is found in what only looks like it.

The sentences of `said_sentences.txt` are our own, in seven languages; half of them tempt. The bars are those that the
product promises: nine of ten findings are right, and more than eight of ten are found.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.said.find import findings
from ingest.said.finding import Kind

SENTENCES = Path(__file__).parent / "said_sentences.txt"


@dataclass(frozen=True)
class Told:
    """A text, and what is to be found in it."""

    kinds: frozenset[str]
    other: bool
    noted: bool
    text: str


def told() -> Iterator[Told]:
    """The sentences of the file."""
    for line in SENTENCES.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            kind, how, text = line.split(" | ", 2)
            kinds = frozenset() if kind == "-" else frozenset({kind.rstrip("+")})
            yield Told(kinds, kind.endswith("+"), how == "n", text.replace(" // ", "\n"))


def found(one: Told) -> frozenset[str]:
    """The kinds that are found in a text."""
    return frozenset(each.kind.value for each in findings(one.text, noted=one.noted))


def test_nine_of_ten_findings_are_right_and_hardly_one_is_missed() -> None:
    """In our own sentences, each kind by itself and all together."""
    right: Counter[str] = Counter()
    said: Counter[str] = Counter()
    true: Counter[str] = Counter()
    for one in told():
        for name in found(one):
            said[name] += 1
            right[name] += name in one.kinds
        true.update(one.kinds)
    assert sum(right.values()) / sum(said.values()) >= 0.95
    assert sum(right.values()) / sum(true.values()) >= 0.95
    for kind in Kind:
        assert right[kind.value] / said[kind.value] >= 0.9, kind
        assert right[kind.value] / true[kind.value] >= 0.85, kind


def test_half_of_the_sentences_tempt() -> None:
    """A finder that always said yes would not do."""
    every = list(told())
    assert len(every) >= 150
    assert 0.4 <= sum(not one.kinds for one in every) / len(every) <= 0.6


@pytest.mark.parametrize("one", [one for one in told() if one.kinds], ids=lambda one: one.text[:40])
def test_it_is_told_whom_it_concerns(one: Told) -> None:
    """The writer's own consent is never blocked for what she says of someone else."""
    assert {each.other for each in findings(one.text, noted=one.noted)} <= {one.other}


@pytest.mark.parametrize(
    ("text", "purposes"),
    [
        ("Please stop sending me your newsletter.", {"marketing.email"}),
        ("No more sales calls, please.", {"marketing.phone"}),
        ("No more advertising.", {"marketing.email", "marketing.phone"}),
        ("I object to the profiling of my purchases.", {"analytics"}),
        ("Please do not share my data with third parties.", {"sharing"}),
        ("This is a complaint.", set()),
    ],
)
def test_a_finding_names_what_may_not_be_done(text: str, purposes: set[str]) -> None:
    """Where no channel is named, it is all marketing."""
    (one,) = findings(text)
    assert set(one.purposes) == purposes


def test_the_sentence_that_says_so_is_quoted_and_nothing_else() -> None:
    """A person reads why."""
    text = "Hello,\n\nmy parcel is here. Please take me off your mailing list. The lamp is fine.\n\nRegards\nAnn"
    (one,) = findings(text, subject="Thanks")
    assert one.span == "Please take me off your mailing list."
    assert one.kind is Kind.WITHDRAWAL


def test_the_dead_are_named_where_they_are() -> None:
    """So that the right account is looked for."""
    (one,) = findings("Our neighbour Hannah Vogel has died.")
    assert (one.kind, one.other, one.name) == (Kind.DECEASED, True, "Hannah Vogel")


def test_a_subject_that_she_chose_counts_and_that_of_an_answer_does_not() -> None:
    """What stands above an answer was written by whoever began."""
    assert findings("Thank you.", subject="Please stop the newsletter")
    assert not findings("Thank you.", subject="Re: Please stop the newsletter")
    assert not findings("Danke.", subject="AW: Bitte keine Werbung mehr")


def test_one_wrong_letter_does_not_hide_it() -> None:
    """People type as they are: two letters changed, one too many, one missing."""
    for text in ("take me off the neswletter", "please unsubscrbe me", "ich widerufe meine Einwiligung in Werbung"):
        assert [one.kind for one in findings(text)] == [Kind.WITHDRAWAL], text


@settings(deadline=None, max_examples=150)
@given(st.text(max_size=300), st.booleans())
def test_any_text_can_be_read(text: str, noted: bool) -> None:
    """Whatever comes in: nothing is raised, and what is quoted stands in the text."""
    for one in findings(text, noted=noted, subject=text[:40]):
        assert one.span
        assert 0 < one.confidence <= 1
