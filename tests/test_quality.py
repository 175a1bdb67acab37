"""Quality: what is measured of a load is what one counts by hand; what is below a threshold is raised, and clears."""

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.session import Database
from ingest.company import Company, find_out
from ingest.load import load
from ingest.quality import Measure, below, measures, plausible
from ingest.quality_kept import KEPT_LOADS, keep, trends
from ingest.records import Profile, Record
from ingest.rows import Reject
from schema.catalogue import complete_model
from schema.enums import QualityDimension as Is
from schema.errors import GovernanceInvalid
from schema.governance import Threshold, read_governance
from schema.measured import MEASURED
from server.quality import show
from tests.small_company import house, made, order, person
from tests.test_ingest_load import clear, silent

NOW = datetime(2026, 1, 1, tzinfo=UTC)
ANN = person(
    "crm", "C-1", "Ann", "Leigh", born=date(1980, 5, 1), email="ann@x.example", changed=datetime(2025, 6, 1, tzinfo=UTC)
)
SAME_ANN = person(
    "billing", "B-1", "A.", "Leigh", email="ann@x.example", lives=house(7, "LS1 4AB"), references=("C-1",)
)
BOB = person("crm", "C-2", "Bob", "Stone", born=date(2090, 1, 1), email="bob@x.example", lives=house(2))
BOB_AGAIN = person(
    "crm", "C-3", "Bob", "Stone", email="bob@x.example", lives=house(2), changed=datetime(2020, 1, 1, tzinfo=UTC)
)
CLEO = person("billing", "B-2", "Cleo", "Marsh", lives=house(3))
COMPANY: tuple[Record, ...] = (ANN, SAME_ANN, BOB, BOB_AGAIN, CLEO)
REJECTS = (Reject("billing.csv", 4, "born", "not a date", system="billing"),)
NAMES = ("Ann", "Bo", "C", "D.", "Ethel")


def found_out(records: Sequence[Record], rejects: Sequence[Reject] = ()) -> Company:
    """What a load finds out about records."""
    exports = replace(made(records).read(silent), rejects=tuple(rejects))
    return find_out(exports, NOW, {})


def by_name(found: Sequence[Measure]) -> dict[tuple[str, str, Is], tuple[int, int]]:
    """Good and counted of each."""
    return {(one.system, one.attribute, one.dimension): (one.good, one.counted) for one in found}


@pytest.mark.parametrize(
    ("system", "attribute", "dimension", "good", "counted"),
    [
        ("crm", "birthDate", Is.COMPLETENESS, 2, 3),  # Bob's second record has none
        ("billing", "birthDate", Is.COMPLETENESS, 0, 2),
        ("billing", "email", Is.COMPLETENESS, 1, 2),
        ("crm", "preferredChannel", Is.COMPLETENESS, 0, 3),
        ("crm", "birthDate", Is.VALIDITY, 1, 2),  # 2090 is still to come
        ("billing", "givenName", Is.VALIDITY, 1, 2),  # an initial
        ("billing", "row", Is.VALIDITY, 2, 3),  # one was refused
        ("crm", "row", Is.VALIDITY, 3, 3),
        ("crm", "record", Is.UNIQUENESS, 2, 3),  # Bob is there twice
        ("billing", "record", Is.UNIQUENESS, 2, 2),
        ("crm", "email", Is.UNIQUENESS, 2, 2),  # of one customer each, though in three records
        ("crm", "record", Is.TIMELINESS, 1, 3),  # the others were changed more than two years ago
        ("crm", "address", Is.CONSISTENCY, 2, 2),
        ("billing", "address", Is.CONSISTENCY, 0, 1),  # Ann moved; billing was not told
        ("billing", "familyName", Is.CONSISTENCY, 1, 1),
    ],
)
def test_what_is_measured_is_what_one_counts(
    system: str, attribute: str, dimension: Is, good: int, counted: int
) -> None:
    """Five records of three people, counted by hand."""
    assert by_name(measures(found_out(COMPANY, REJECTS)))[system, attribute, dimension] == (good, counted)


def test_nothing_is_measured_of_nothing() -> None:
    """An initial that no other record bears out agrees with nobody; a share of none is not 0."""
    found = by_name(measures(found_out(COMPANY, REJECTS)))
    assert ("billing", "givenName", Is.CONSISTENCY) not in found
    assert ("billing", "birthDate", Is.VALIDITY) not in found
    assert measures(found_out(())) == ()


def test_all_that_is_measured_can_be_asked_for() -> None:
    """And nothing else: a threshold names what is there."""
    everything: list[Record] = [ANN, replace(BOB, phones=("+441134960000",)), SAME_ANN, order("O-1")]
    for one in measures(found_out([*everything, BOB_AGAIN])):
        assert one.attribute in MEASURED[one.dimension], one


profiles = st.lists(
    st.builds(
        lambda number, system, given, family, email, day, born: person(
            system,
            f"{system}-{number}",
            given,
            family,
            email=email,
            born=born,
            lives=house(number + 1),
            changed=datetime(2020 + day, 1, 1, tzinfo=UTC),
        ),
        st.integers(0, 40),
        st.sampled_from(("crm", "billing")),
        st.sampled_from(NAMES),
        st.sampled_from(("Leigh", "Stone")),
        st.sampled_from((None, "ann@x.example", "bob@x.example")),
        st.integers(0, 5),
        st.sampled_from((None, date(1970, 1, 1), date(2090, 1, 1))),
    ),
    max_size=8,
    unique_by=lambda one: (one.system, one.key),
)


@given(profiles)
def test_a_share_is_from_0_to_1(records: list[Profile]) -> None:
    """Of something."""
    assert all(0 <= one.good <= one.counted > 0 and 0 <= one.value <= 1 for one in measures(found_out(records)))


@given(profiles, st.integers(0, 1000))
def test_the_order_of_rows_is_irrelevant(records: list[Profile], seed: int) -> None:
    """Files have an order, data has none."""
    other = list(records)
    random.Random(seed).shuffle(other)
    assert measures(found_out(records)) == measures(found_out(other))


@given(profiles)
def test_a_whole_record_more_makes_nothing_less_complete(records: list[Profile]) -> None:
    """Nor less valid."""
    whole = person(
        "crm", "whole", "Wanda", "Whole", born=date(1990, 1, 1), email="w@x.example", phone="+441134960123",
        lives=house(99),
    )  # fmt: skip
    before, after = by_name(measures(found_out(records))), by_name(measures(found_out([*records, whole])))
    for key, (good, counted) in before.items():
        if key[2] in (Is.COMPLETENESS, Is.VALIDITY) and key[1] != "preferredChannel":
            assert after[key][0] * counted >= good * after[key][1], key


def test_who_may_be_born_when() -> None:
    """Neither to come nor more than 120 years ago."""
    today = date(2026, 1, 1)
    assert [
        plausible(day, today) for day in (date(2026, 1, 1), date(2026, 1, 2), date(1906, 1, 1), date(1905, 12, 31))
    ] == [
        True,
        False,
        True,
        False,
    ]
    assert not plausible(None, today)


def test_a_threshold_without_a_system_is_asked_of_each() -> None:
    """And what is just as good as is asked is good enough."""
    found = measures(found_out(COMPANY, REJECTS))
    of_each = Threshold("names", "givenName", Is.VALIDITY, None, 0.75)
    (one,) = below([of_each], found)
    assert one.sentence == "Quality: validity of givenName in billing is 0.500, and 0.75 is asked (names)."
    assert below([replace(of_each, least=0.5)], found) == ()
    assert below([replace(of_each, system="crm")], found) == ()


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ('attribute = "record"\ndimension = "validity"\nleast = 0.5', "validity is measured of givenName"),
        ('attribute = "email"\ndimension = "beauty"\nleast = 0.5', "quality.own.dimension"),
        ('attribute = "email"\ndimension = "validity"\nleast = 1.5', "quality.own.least"),
    ],
)
def test_a_threshold_that_cannot_be_stops_the_start(tmp_path: Path, said: str, told: str) -> None:
    """Told by its name; one of 0 asks for nothing, and so takes away one that is shipped."""
    file = tmp_path / "own.toml"
    file.write_text(f"[quality.own]\n{said}\n", encoding="utf-8")
    with pytest.raises(GovernanceInvalid) as refused:
        read_governance(complete_model(), file)
    assert told in str(refused.value)
    file.write_text('[quality.readable_rows]\nattribute = "row"\ndimension = "validity"\nleast = 0\n', encoding="utf-8")
    assert [one.name for one in read_governance(complete_model(), file).quality] == []


ISSUES = "MATCH (i:QualityIssue) RETURN [i.rule, i.system, i.state, i.value] ORDER BY i.raisedAt, i.system"
ASKED = (
    Threshold("addresses_known", "email", Is.COMPLETENESS, "billing", 0.9),
    Threshold("one_each", "record", Is.UNIQUENESS, None, 0.9),
)


@pytest.mark.database
@pytest.mark.asyncio(loop_scope="session")
async def test_a_load_measures_raises_and_clears(database: Database, capsys: pytest.CaptureFixture[str]) -> None:
    """Once while it is so; a load that finds it above closes it, and one that says nothing of it does not."""
    await clear(database)
    report = await load(database, made(COMPANY), silent, now=NOW, asked=ASKED)
    assert [note for note in report.notes if note.startswith("Quality")] == [
        "Quality: completeness of email in billing is 0.500, and 0.9 is asked (addresses_known).",
        "Quality: uniqueness of record in crm is 0.667, and 0.9 is asked (one_each).",
    ]
    first = await database.read("MATCH (m:QualityMeasure) RETURN [m.id, m.sourceKey, m.value] ORDER BY m.id")
    both = [["addresses_known", "billing", "OPEN", 0.5], ["one_each", "crm", "OPEN", 2 / 3]]
    assert await database.read(ISSUES) == both

    await load(database, made(COMPANY), silent, now=NOW, asked=ASKED)
    assert await database.read("MATCH (m:QualityMeasure) RETURN [m.id, m.sourceKey, m.value] ORDER BY m.id") == first
    assert await database.read(ISSUES) == both

    await load(database, made([ANN, BOB, BOB_AGAIN]), silent, now=NOW.replace(month=2), asked=ASKED)
    assert await database.read(ISSUES) == both

    better: list[Record] = [
        ANN,
        BOB,
        SAME_ANN,
        replace(CLEO, emails=("cleo@x.example",)),
        order("O-1", email="cleo@x.example"),
    ]
    report = await load(database, made(better), silent, now=NOW.replace(month=3), asked=ASKED)
    assert not any(note.startswith("Quality") for note in report.notes)
    assert await database.read(ISSUES) == [
        ["addresses_known", "billing", "CLEARED", 1.0],
        ["one_each", "crm", "CLEARED", 1.0],
    ]
    trend = {(one.system, one.attribute, one.dimension): one for one in await trends(database)}
    assert trend["crm", "record", "UNIQUENESS"].values == pytest.approx((2 / 3, 2 / 3, 1.0))
    assert trend["billing", "email", "COMPLETENESS"].values == (0.5, 1.0)

    await load(database, made(COMPANY[:-1]), silent, now=NOW.replace(month=4), asked=ASKED)
    assert [row[:3] for row in await database.read(ISSUES)][-1] == ["one_each", "crm", "OPEN"]
    (shown,) = [one for one in await trends(database) if one.least is not None]
    assert (shown.system, shown.attribute, shown.least) == ("crm", "record", 0.9)
    show(await trends(database))
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert ["crm", "record", "uniqueness", "3", "0.667", "0.667", "0.667", "1.000", "below", "0.9"] in lines

    await load(database, made(COMPANY[:-1]), silent, now=NOW.replace(month=5), asked=())
    assert {row[2] for row in await database.read(ISSUES)} == {"CLEARED"}


@pytest.mark.database
@pytest.mark.asyncio(loop_scope="session")
async def test_the_trend_is_bounded(database: Database) -> None:
    """The oldest loads go."""
    await clear(database)
    for number in range(KEPT_LOADS + 3):
        found = (Measure("crm", "email", Is.VALIDITY, number, 100), Measure("crm", "phone", Is.VALIDITY, 1, 1))
        await keep(database, found, (), f"delivery {number}", NOW.replace(day=number + 1))
    kept = {one.attribute: one.values for one in await trends(database)}
    assert kept["email"] == pytest.approx([number / 100 for number in range(3, KEPT_LOADS + 3)])
    assert len(kept["phone"]) == KEPT_LOADS
