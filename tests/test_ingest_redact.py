"""Words with what identifies people taken out: by form, by known name, and over every text of the sample."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ingest.assemble import assemble
from ingest.company import Company, find_out
from ingest.draft import Draft
from ingest.exports import read_folder
from ingest.names import PersonName
from ingest.normalise import folded
from ingest.redact import Redactor, name_words

REDACT = Redactor([PersonName("Gunhild", "Sauer"), PersonName("Jo", "May")], ["DE", "GB", "US"])


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("write to ann.lee+x@mail.example now", "write to [EMAIL] now"),
        ("call 0791 172 2637 or +49 151 58890000", "call [PHONE] or [PHONE]"),
        ("Tel. 16033724547", "Tel. [PHONE]"),
        ("my number is k 882949, before shp8429073", "my number is [NUMBER], before [NUMBER]"),
        ("order A15357332, see CS-1234567; tkt 7654321", "order [NUMBER], see [NUMBER]; [NUMBER]"),
        ("contact 003RNqT5YLpCKP76Wh", "contact [NUMBER]"),
        ("IBAN DE89 3704 0044 0532 0130 00", "IBAN [NUMBER]"),
        ("card 4111 1111 1111 1111 expired", "card [NUMBER] expired"),
        ("DOB ok 15.12.60", "DOB ok [DATE]"),
        ("born 1960-12-15 or 12/15/1960", "born [DATE] or [DATE]"),
        ("see https://x.example/reset?token=abc", "see [URL]"),
        ("thanks @saskia.zorbac1!", "thanks [HANDLE]!"),
        ("neue Anschrift Gunpfweg 61, 53859 Parchim.", "neue Anschrift [ADDRESS], [ADDRESS]."),
        ("use: 315 Gibson Springs, B23 2YS Ashleighmouth.", "use: [ADDRESS], [ADDRESS]."),
        ("Kimberly Dawson - no label in box", "[NAME] - no label in box"),
        ("for my wife Gunhild Sauer", "for my wife [NAME]"),
        ("Sauer, Gunhild wants it", "[NAME] wants it"),
        ("Hello,\n\nthanks.\n\nRegards\nUnknown Person", "Hello,\n\nthanks.\n\nRegards\n[NAME]"),
    ],
)
def test_what_identifies_is_taken_out_by_its_form(said: str, told: str) -> None:
    """Whoever wrote it: these forms lead to a person."""
    assert REDACT(said) == told


@pytest.mark.parametrize(
    "said",
    ["charged 52.79 USD twice", "Espresso machine Barista 200 leaks", "sofa may arrive in 3 days", "2fa code ok"],
)
def test_what_says_nothing_of_a_person_stays(said: str) -> None:
    """Amounts, product names and plain words are what the redacted text is for."""
    assert REDACT(said) == said


def test_known_names_go_in_any_spelling() -> None:
    """Capitals and marks do not matter, words that merely contain a name stay."""
    known = frozenset(name_words(["José", "Muñoz-Lee", "Jo"]))
    assert REDACT("JOSE called; jose munoz too. Joseph's josephine, Muñoz-Lee", known) == (
        "[NAME] called; [NAME] too. Joseph's josephine, [NAME]"
    )
    assert REDACT("Jo said: jo, gut", known) == "[NAME] said: jo, gut"


def test_nothing_stays_nothing() -> None:
    """No text has no redacted text."""
    assert REDACT(None) is None
    assert REDACT("") == ""


@pytest.fixture(scope="module")
def company() -> Company:
    """The sample company, found out."""
    folder = Path(__file__).parent.parent / "examples" / "acme-home"
    return find_out(read_folder(folder, lambda *_: None), datetime(2026, 11, 1, tzinfo=UTC), {})


@pytest.fixture(scope="module")
def draft(company: Company) -> Draft:
    """All nodes of the sample company."""
    return assemble(company)


TELLING = re.compile(
    r"[\w.+-]+@[\w-]+\.\w+|\bK-\d{6}\b|\bSHP\d{7}\b|\bA\d{8}\b|\bCS-\d{7}\b|\b00[13]\w{15}\b|\d{2}\.\d{2}\.\d{2}|(?<![\d.,])\d{7,}",
    re.IGNORECASE,
)


def test_nothing_telling_is_left_in_any_text_of_the_sample(company: Company, draft: Draft) -> None:
    """No mailbox, phone, number, date or known name of the customer in any redacted text."""
    told = [
        (label, node.key, node.properties[field])
        for label, fields in (("Interaction", ("textRedacted", "subjectRedacted")), ("Case", ("subjectRedacted",)))
        for node in draft.nodes(label)
        for field in fields
        if node.properties[field]
    ]
    assert len(told) > 1000
    for _, key, text in told:
        assert not TELLING.search(text), key
        system, _, record = key.partition(":")
        if found := company.attribution.of(system, record):
            left = {word for word in folded(text.replace("[NAME]", "")).split() if len(word) > 2}
            assert not left & company.name_words[found.customer], key


def test_a_redacted_text_is_there_wherever_a_text_is(draft: Draft) -> None:
    """Who may see only the redacted words sees some."""
    for node in draft.nodes("Interaction"):
        assert bool(node.properties["text"]) == bool(node.properties["textRedacted"])
