"""Which records are one person: people who look alike stay apart, records of one person come together."""

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.names import Likeness, PersonName, alike, family_first, given_first
from ingest.naming import customer_keys
from ingest.normalise import mailbox, phone, place, same_mailbox
from ingest.records import PostalAddress, Profile
from ingest.resolve import Resolution, key_of, resolve

HOME = PostalAddress("1 Elm Street", None, "10001", "Town", "NY", "US", "US|10001|1elmst")
AWAY = PostalAddress("9 Oak Road", None, "94016", "Elsewhere", "CA", "US", "US|94016|9oakrd")


def person(
    key: str,
    name: str = "Ann Lee",
    *,
    system: str = "billing",
    born: date | None = None,
    emails: Sequence[str] = (),
    phones: Sequence[str] = (),
    address: PostalAddress = HOME,
    references: Sequence[str] = (),
    suffix: str | None = None,
) -> Profile:
    """A profile record with little in it."""
    named = replace(given_first(name), suffix=suffix)
    return Profile(key, system, named, born, tuple(emails), tuple(phones), address, tuple(references), None, None, None)


def together(resolution: Resolution, one: str, other: str) -> bool:
    """Whether two records, named by their keys, are one customer."""
    return any({one, other} <= {key for _, key in cluster} for cluster in resolution.clusters)


MAILBOX = ["ann@x.example"]
NUMBER = ["+12125558643"]
BIRTH = date(1980, 5, 17)
OTHER_BIRTH = date(1950, 2, 3)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (person("A", emails=["ann@x.example"]), person("B", "ANN LEE", emails=["ann@x.example"], address=AWAY)),
        (person("A", emails=["ann@x.example"]), person("B", emails=["ann+shop@x.example"], address=AWAY)),
        (person("A", phones=["+12125558643"]), person("B", "Ann Leee", phones=["+12125558643"], address=AWAY)),
        (person("A", emails=["ann@x.example"]), person("B", "A. Lee", emails=["ann@x.example"], address=AWAY)),
        (person("A", born=BIRTH), person("B", born=BIRTH, address=AWAY)),
        (person("A"), person("B", system="shipping")),
        (person("A", address=AWAY), person("B", system="crm", references=["A"])),
        (person("A", born=BIRTH, emails=MAILBOX), person("B", "Ann Marsh", born=BIRTH, emails=MAILBOX)),
        (person("A", "R?za Plich", emails=MAILBOX), person("B", "Róza Plich", emails=MAILBOX, address=AWAY)),
    ],
    ids=["mailbox", "tagged mailbox", "phone, a slip", "initial", "birth date", "address", "reference", "renamed",
         "lost letter"],
)  # fmt: skip
def test_records_of_one_person_come_together(one: Profile, other: Profile) -> None:
    """Each kind of evidence by itself, where nothing contradicts it."""
    assert together(resolve([one, other]), "A", "B")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (person("A", "Ann Lee", born=BIRTH), person("B", "Eve Lee", born=BIRTH)),
        (person("A", born=BIRTH), person("B", born=OTHER_BIRTH)),
        (person("A", suffix="sr"), person("B", suffix="jr")),
        (person("A", "Ann Lee", emails=MAILBOX), person("B", "Tom Lee", emails=MAILBOX)),
        (person("A", "Ann Lee", emails=MAILBOX), person("B", "Tom Ray", emails=MAILBOX, address=AWAY)),
        (person("A", "Ann Lee", phones=NUMBER), person("B", "Tom Ray", phones=NUMBER, address=AWAY)),
        (person("A", "Ann Lee"), person("B", "Tom Ray")),
        (person("A", "Ann Lee", address=AWAY), person("B", "Ann Lee")),
        (person("A", "Ann Lee", address=AWAY), person("B", "Tom Ray", system="crm", references=["A"])),
    ],
    ids=["twins", "senior and junior", "suffixes", "family mailbox", "office mailbox", "recycled number",
         "next occupant", "namesakes", "number of a stranger"],
)  # fmt: skip
def test_people_who_look_alike_stay_apart(one: Profile, other: Profile) -> None:
    """What they share is not enough, or something contradicts it."""
    assert not together(resolve([one, other]), "A", "B")


def test_a_record_that_fits_two_who_exclude_each_other_goes_to_review() -> None:
    """Senior, junior, and one without a birth date at their address: nobody can tell, so a person has to."""
    senior, junior = person("S", born=OTHER_BIRTH), person("J", born=BIRTH)
    found = resolve([senior, junior, person("X", system="shipping")])
    assert not any(together(found, "X", other) for other in ("S", "J"))
    assert ("shipping", "X") in found.review


def test_a_family_mailbox_still_joins_the_records_of_one_member() -> None:
    """A handle that several people use joins those whose names are whole and the same, never by an initial."""
    mailbox_ = ["family.lee@x.example"]
    found = resolve(
        [
            person("A", "Ann Lee", emails=mailbox_),
            person("B", "Ann Lee", emails=mailbox_, address=AWAY),
            person("T", "Tom Lee", emails=mailbox_, address=AWAY),
            person("X", "A. Lee", emails=mailbox_, address=replace(AWAY, place="US|1|other")),
        ]
    )
    assert together(found, "A", "B")
    assert not together(found, "A", "T")
    assert not together(found, "A", "X")


NAMES = ["Ann Lee", "Anna Lee", "A. Lee", "Tom Lee", "Ann Ray"]
PROFILES = st.lists(
    st.builds(
        person,
        key=st.uuids().map(str),
        name=st.sampled_from(NAMES),
        system=st.sampled_from(["billing", "shipping", "crm"]),
        born=st.sampled_from([None, BIRTH, OTHER_BIRTH]),
        emails=st.lists(st.sampled_from(["a@x.example", "b@x.example"]), max_size=2, unique=True),
        phones=st.lists(st.sampled_from(["+12125558643", "+12125558644"]), max_size=1),
        address=st.sampled_from([HOME, AWAY]),
    ),
    max_size=9,
)


@settings(max_examples=150, deadline=None)
@given(PROFILES, st.randoms(use_true_random=False))
def test_the_order_of_records_changes_nothing(profiles: list[Profile], chance: random.Random) -> None:
    """The same records in any order give the same clusters, links and review."""
    shuffled = profiles.copy()
    chance.shuffle(shuffled)
    assert resolve(profiles) == resolve(shuffled)


@settings(max_examples=150, deadline=None)
@given(PROFILES)
def test_every_record_is_in_one_cluster_without_contradictions(profiles: list[Profile]) -> None:
    """Nothing is lost, nothing is doubled, and no cluster holds two birth dates."""
    found = resolve(profiles)
    by = {key_of(one): one for one in profiles}
    assert sorted(key for cluster in found.clusters for key in cluster) == sorted(by)
    for cluster in found.clusters:
        assert len({by[key].birth_date for key in cluster} - {None}) <= 1


def test_a_customer_keeps_the_key_however_the_records_are_clustered_later() -> None:
    """Most of its records take the key along; what splits off gets a new one; what joins brings none."""
    a, b, c, d = (("billing", letter) for letter in "ABCD")
    first = customer_keys([(a, b, c), (d,)], {})
    assert len(set(first.values())) == 2
    split = customer_keys([(a,), (b, c), (d,)], first)
    assert split[b] == split[c] == first[a]
    assert split[a] not in set(first.values())
    joined = customer_keys([(a, b, c, d)], first)
    assert set(joined.values()) == {first[a]}
    assert customer_keys([(d,), (a, b, c)], first) == first


@pytest.mark.parametrize(
    ("one", "other", "likeness"),
    [
        ("José", "JOSE", Likeness.SAME),
        ("Müller", "Mueller", Likeness.SAME),
        ("Anna-Maria", "Anna Maria", Likeness.SAME),
        ("Stephen", "Stehpen", Likeness.NEAR),
        ("S.", "Stephen", Likeness.POSSIBLE),
        ("Alex", "Alexander", Likeness.POSSIBLE),
        ("Dominic", "Daniele", Likeness.CONTRADICT),
        ("", "Ann", Likeness.UNKNOWN),
    ],
)
def test_names_are_compared_as_people_write_them(one: str, other: str, likeness: Likeness) -> None:
    """Marks, capitals, slips of the keyboard, initials and short forms."""
    assert alike(one, other) is likeness
    assert alike(other, one) is likeness


def test_names_come_apart_as_the_silos_write_them() -> None:
    """The family name first in billing, last in shipping."""
    assert family_first("O'BRIEN, MARY JANE") == PersonName("Mary Jane", "O'Brien")
    assert given_first("John Q. Public Jr.") == PersonName("John", "Public", "Q.", "jr")


def test_handles_have_one_spelling() -> None:
    """Mailboxes, numbers in several notations, one house written twice."""
    assert mailbox(" ANN@Example.com ") == "ann@example.com"
    assert mailbox("noreply@example.com") is None
    assert mailbox("no mailbox") is None
    assert same_mailbox("ann+shop@example.com") == "ann@example.com"
    spellings = ["+1 ()212 5558643", "001 2125558643", "(212) 555-8643", "212.555.8643"]
    assert {phone(spelling, "US") for spelling in spellings} == {"+12125558643"}
    assert place("C/ Mayor 3", "08001", "ES") == place("Calle Mayor 3", "8001", "ES")
    assert place("12 Elm Street", "S9 3NQ", "GB") == place("12 elm st", "s93nq", "GB")
