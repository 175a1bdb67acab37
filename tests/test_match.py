"""Matching by probability: the same weights as Splink's, and persons' decisions above rules and probabilities."""

import json
import random
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from datetime import date
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.exports import Exports, read_folder
from ingest.match.blocking import MOST_PAIRS, keys, pairs
from ingest.match.candidates import Index, candidates
from ingest.match.expected import threshold
from ingest.match.features import Features, features, identifier
from ingest.match.judge import SAME_FROM, Outcome
from ingest.match.keys import Key, key_of, pair_of, shared_handles
from ingest.match.learn import LEARN_FROM, learn, weights_for
from ingest.match.levels import COMPARISONS, ELSE, level_of
from ingest.match.nicknames import alike_given, forms
from ingest.match.rules import Rule, contradict, near_dates
from ingest.match.score import settled
from ingest.match.traded import referred
from ingest.match.weights import Weights, dump, levels, parse, shipped
from ingest.names import Likeness
from ingest.records import Profile
from ingest.resolve import Decisions, Resolution, resolve
from tests.predicting import by_splink, in_memory
from tests.test_ingest_load import SAMPLE, silent
from tests.test_ingest_resolve import AWAY, BIRTH, HOME, MAILBOX, NUMBER, OTHER_BIRTH, PROFILES, person, together

NOTHING = -1e6


@pytest.fixture(scope="module")
def exports() -> Exports:
    """What the files of the sample company hold."""
    return read_folder(SAMPLE, silent)


@pytest.fixture(scope="module")
def profiles(exports: Exports) -> dict[Key, Profile]:
    """Its profile records, in the order of keys."""
    return {key_of(one): one for one in sorted(referred(exports), key=key_of)}


@pytest.fixture(scope="module")
def rows(profiles: dict[Key, Profile]) -> list[Features]:
    """What they show, with the keys under which they are compared."""
    shared = shared_handles(profiles)
    return [features(one, shared, dict.fromkeys(keys(one))) for one in profiles.values()]


@pytest.fixture(scope="module")
def resolution(profiles: dict[Key, Profile]) -> Resolution:
    """Who is who in the sample company."""
    return resolve(profiles.values())


ODD = (
    person("1", "R?za Plich-Żak", emails=["a@x.example"], phones=["+48123"], born=date(1980, 2, 1)),
    person("2", "Róża Plich Zak", emails=["a@y.example"], phones=["+48123"], born=date(1980, 1, 2)),
    person("3", "Plich Róża", born=date(1990, 2, 1), references=["1"]),
    person("4", "R. Plich", suffix="jr", references=["9"]),
    person("5", "Bob Lee", suffix="sr", born=date(1981, 2, 1)),
    person("6", "Robert Lee", suffix="sr", born=date(1980, 2, 1), address=AWAY),
    person("7", "X", emails=["b@x.example"]),
    person("8", "Robret Leee", emails=["b+shop@x.example"], address=replace(AWAY, place="US|94016|9oakrdd")),
    person("9", "????", born=date(1980, 2, 28)),
    person("10", "Lee Robert", address=replace(AWAY, place=None, postal_code=None)),
    person("11", "Bo Lee", address=replace(AWAY, place="US|55555|7birchln", postal_code="55555")),
    person("12", "Bo Lee", address=replace(AWAY, line2="Elm Cottage")),
    person(
        "13", "Marten Bob", address=replace(AWAY, line1="9 Elm Cotage", line2="Oak Road", place="US|94016|9elmcotage")
    ),
    person("14", "Eve Martens", address=replace(AWAY, line1="1234 Oak Road", place="US|94016|1234oakrd")),
    person(
        "15",
        address=replace(AWAY, line1="3 High Street", city="Elsewere", place="US|94017|3highst", postal_code="94017"),
    ),
    person("16", address=replace(AWAY, line1="5 Low Street", city="Nowhere", place="US|94016|5lowst")),
    person("17", address=replace(AWAY, line1="Apt 4", line2="Elm Cottage", place=None, city=None)),
)


def test_the_weights_in_memory_are_splinks(rows: list[Features]) -> None:
    """On every pair of the sample company that is compared at all, to a millionth of a bit."""
    expected = {(one, other): weight for one, other, weight in by_splink(rows, shipped(), NOTHING)}
    found = in_memory(rows, expected, shipped())
    assert len(expected) > len(rows)
    assert max(abs(weight - expected[one, other]) for one, other, weight in found) < 1e-6
    assert {weight > 0 for _, _, weight in found} == {True, False}


def test_odd_records_weigh_the_same_too() -> None:
    """Lost letters, crossed names, swapped days, empty columns: each pair, with weights that tell the levels apart."""
    by = {key_of(one): one for one in ODD}
    shared = shared_handles(by)
    odd = [features(one, shared, ("all",)) for one in ODD]
    chance = random.Random(1)
    m = {level: chance.uniform(0.01, 0.9) for level in levels()}
    weights = Weights(0.01, m, {level: chance.uniform(0.01, 0.9) for level in levels()})
    expected = {(one, other): weight for one, other, weight in by_splink(odd, weights, NOTHING)}
    assert len(expected) == len(ODD) * (len(ODD) - 1) // 2
    for one, other, weight in in_memory(odd, expected, weights):
        assert weight == pytest.approx(expected[one, other], abs=1e-6), (one, other)


def test_every_level_is_met(profiles: dict[Key, Profile], rows: list[Features]) -> None:
    """The odd records and the sample company's leave next to no level untried."""
    by, shared = {row.key: row for row in rows}, shared_handles({key_of(one): one for one in ODD})
    odd = [features(one, shared) for one in ODD]
    met = [(one, other) for place, one in enumerate(odd) for other in odd[place + 1 :]]
    met += [(by[identifier(one)], by[identifier(other)]) for one, other in pairs(profiles)]
    found = {(name, level_of(comparison, *pair)) for name, comparison in COMPARISONS.items() for pair in met}
    assert set(levels()) - found <= {("middle", ELSE), ("email", "same name")}


def test_learning_again_gives_the_same_weights(rows: list[Features]) -> None:
    """From run to run, to the last digit; and they are those that came with the product, but for chance."""
    bare = [replace(row, blocks=()) for row in rows]
    first = learn(bare)
    assert dump(first) == dump(learn(bare))
    strong = [("given", "same"), ("family", "same"), ("email", "own"), ("phone", "own"), ("address", "same house")]
    for level in strong:
        assert first.bits(*level) == pytest.approx(shipped().bits(*level), abs=1.5)


def test_records_without_birth_dates_can_be_learned_from(rows: list[Features]) -> None:
    """What they do not tell is taken from the weights that came with the product."""
    bare = [replace(row, blocks=(), birth=None, swapped=None) for row in rows]
    found = learn(bare, shipped())
    assert found.bits("birth", "same") == pytest.approx(shipped().bits("birth", "same"), abs=0.01)
    assert found.bits("given", "same") > SAME_FROM


def test_few_records_are_matched_with_the_weights_that_came_along() -> None:
    """Splink is not even loaded for them, nor for the command line's help."""
    assert weights_for([person("A"), person("B")]) == shipped()
    code = (
        "import sys, server.cli, ingest.load\n"
        "from ingest.match.learn import weights_for\n"
        "weights_for([])\n"
        "assert not {'splink', 'duckdb', 'pyarrow'} & set(sys.modules), sorted(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=120)
    assert LEARN_FROM > 1000


def test_weights_are_a_small_versioned_file() -> None:
    """What is written can be read; another version or other levels are refused. No record's values are in it."""
    text = dump(shipped())
    assert parse(text) == shipped()
    assert len(text) < 8000
    content = json.loads(text)
    with pytest.raises(ValueError, match="version"):
        parse(json.dumps(content | {"version": 99}))
    del content["comparisons"]["birth"]
    with pytest.raises(ValueError, match="other comparisons"):
        parse(json.dumps(content))


# Decisions of persons


def test_a_decision_joins_what_contradicts() -> None:
    """Ann is Eve, whatever birth dates and names say, when a person said so."""
    one, other = person("A", "Ann Lee", born=BIRTH), person("B", "Eve Ray", born=OTHER_BIRTH, address=AWAY)
    assert not together(resolve([one, other]), "A", "B")
    found = resolve([one, other], decided=Decisions(same=frozenset({(key_of(other), key_of(one))})))
    assert together(found, "A", "B")
    assert found.links[0].rule is Rule.DECIDED


def test_a_decision_parts_what_every_rule_joins() -> None:
    """The same mailbox, name, number, birth date and house: two people, when a person said so; asked no more."""
    one = person("A", born=BIRTH, emails=MAILBOX, phones=NUMBER)
    other = person("B", born=BIRTH, emails=MAILBOX, phones=NUMBER)
    assert together(resolve([one, other]), "A", "B")
    found = resolve([one, other], decided=Decisions(different=frozenset({(key_of(other), key_of(one))})))
    assert not together(found, "A", "B")
    assert not found.unsure


@settings(max_examples=150, deadline=None)
@given(PROFILES, st.randoms(use_true_random=False))
def test_no_rule_and_no_probability_overrides_a_decision(profiles: list[Profile], chance: random.Random) -> None:
    """Whatever the records look like and whoever else is there, also through others."""
    listed = [key_of(one) for one in profiles]
    drawn = [pair_of(*chance.sample(listed, 2)) for _ in range(3)] if len(listed) > 2 else []
    different = frozenset(drawn[:2])
    same = frozenset(drawn[2:]) - different
    found = resolve(profiles, decided=Decisions(same, different))
    cluster = {key: number for number, members in enumerate(found.clusters) for key in members}
    assert all(cluster[one] != cluster[other] for one, other in different)
    assert all(cluster[one] == cluster[other] for one, other in same)
    assert found == resolve(profiles[::-1], decided=Decisions(same, different))


@settings(max_examples=150, deadline=None)
@given(PROFILES)
def test_two_records_that_contradict_are_never_joined_by_themselves(profiles: list[Profile]) -> None:
    """Each pair alone; and in company no cluster holds two birth dates that are not a slip apart."""
    for one, other in ((a, b) for place, a in enumerate(profiles) for b in profiles[place + 1 :]):
        if contradict(one, other):
            assert not together(resolve([one, other]), one.key, other.key)
    by = {key_of(one): one for one in profiles}
    for members in resolve(profiles).clusters:
        born = [day for key in members if (day := by[key].birth_date)]
        assert all(one == other or near_dates(one, other) for one in born for other in born)


def test_two_of_one_name_in_a_house_wait_for_a_person() -> None:
    """Each has a mailbox; who has none could be either."""
    senior = person("S", emails=["senior@x.example"])
    junior = person("J", emails=["junior@y.example"])
    found = resolve([senior, junior, person("X", system="shipping")])
    assert len(found.clusters) == 3
    assert {("shipping", "X"), ("billing", "S"), ("billing", "J")} <= found.review
    assert all(0 < one.probability < 1 and one.evidence for one in found.unsure)


def test_evidence_holds_no_values(resolution: Resolution) -> None:
    """Words of ours alone: nothing of what the records say."""
    said = Counter(word for one in resolution.links for word in one.evidence)
    said += Counter(word for one in resolution.unsure for word in one.evidence)
    assert len(said) < 80
    assert not any(character.isdigit() or character == "@" for word in said for character in word)


def test_the_prior_settles_where_as_many_are_expected_as_it_says() -> None:
    """From a guess that is far off, either way; the bits of the comparisons stay."""
    sure, never = [12.0] * 40, [-30.0] * 500
    for guess in (1e-6, 0.2):
        start = Weights(guess, shipped().m, shipped().u)
        found = settled(start, [weight + start.start for weight in (*sure, *never)], 100)
        assert found.prior == pytest.approx(40 / 4950, rel=0.1)
        assert found.m == start.m
    assert settled(shipped(), [], 1) == shipped()


def test_a_weak_bridge_between_large_clusters_is_not_worth_it() -> None:
    """A link a little likelier than not joins two alone; it does not join ten with ten, of whom no others are alike."""
    keys_ = [("x", f"{number:02}") for number in range(20)]
    sure = {pair: 20.0 for half in (keys_[:10], keys_[10:]) for pair in combinations(half, 2)}
    bridge = {(keys_[0], keys_[10]): 0.3}
    assert threshold(sure | bridge) > 0.3
    assert threshold({(keys_[0], keys_[1]): 0.3}) == 0.0


# One new record


def test_a_new_record_finds_its_person(profiles: dict[Key, Profile], resolution: Resolution) -> None:
    """Each of some records, as if it came anew: its own cluster is among the likeliest, and no contradiction is."""
    index = Index(list(profiles.values()))
    cluster = {key: members for members in resolution.clusters for key in members}
    several = [key for key, members in cluster.items() if len(members) > 1][::7]
    hits = 0
    for key in several:
        found = candidates(profiles[key], index, shipped())
        assert all(one.key != key for one in found)
        weights = [one.verdict.weight for one in found]
        assert weights == sorted(weights, reverse=True)
        for one in found:
            if contradict(profiles[key], profiles[one.key]):
                assert one.verdict.outcome is Outcome.DIFFERENT
        hits += any(one.key in cluster[key] and one.verdict.outcome is Outcome.SAME for one in found)
    assert hits > 0.95 * len(several)


def test_a_stranger_finds_nobody(profiles: dict[Key, Profile]) -> None:
    """No key in common: nothing is compared."""
    assert candidates(person("new", "Zyx Wvutsrq"), Index(list(profiles.values())), shipped()) == []


# The sample company


AGREED = (431, 88, 46)
"""Clusters, pairs for a person to look at, handles of several people."""


def test_the_sample_company_is_resolved_as_agreed(profiles: dict[Key, Profile], resolution: Resolution) -> None:
    """Whoever changes how matching decides sees here by how much, and agrees with it."""
    assert len(profiles) == 1058
    assert (len(resolution.clusters), len(resolution.unsure), len(resolution.shared)) == AGREED
    shuffled = list(profiles.values())
    random.Random(3).shuffle(shuffled)
    assert resolve(shuffled) == resolution


def test_orders_tie_billing_and_shipping_together(exports: Exports, profiles: dict[Key, Profile]) -> None:
    """What they say is a reference; records of sales and shipping are as they were."""
    plain = {key_of(one): one for one in exports.of(Profile)}
    more = [key for key, one in profiles.items() if one != plain[key]]
    assert more
    assert {system for system, _ in more} == {"billing"}
    assert all(replace(profiles[key], references=()) == replace(plain[key], references=()) for key in more)


# Names


@pytest.mark.parametrize(
    ("one", "other", "likeness"),
    [
        ("Bob", "Robert", Likeness.NEAR),
        ("Liz", "Elizabeth", Likeness.NEAR),
        ("Pepe", "José", Likeness.NEAR),
        ("Gosia", "Małgorzata", Likeness.NEAR),
        ("Memo", "Mehmet", Likeness.NEAR),
        ("Steven", "Stehvan", Likeness.POSSIBLE),
        ("J.", "aJke", Likeness.POSSIBLE),
        ("Tom", "Ann", Likeness.CONTRADICT),
        ("Dominic", "Daniele", Likeness.CONTRADICT),
        (None, "Ann", Likeness.UNKNOWN),
    ],
)
def test_short_forms_are_one_name(one: str | None, other: str | None, likeness: Likeness) -> None:
    """In several languages; two slips leave it possible."""
    assert alike_given(one, other) is likeness
    assert alike_given(other, one) is likeness


def test_forms_of_a_name() -> None:
    """The name itself and what it may be short for."""
    assert forms(None) == frozenset()
    assert {"bill", "william"} <= forms("Bill")


def _in_house(house: int, name: int) -> Profile:
    """One of a house, one of a name; the mailbox is shared with who has both numbers in each other's place."""
    mailbox = f"{min(house, name)}.{max(house, name)}@x.example"
    address = replace(HOME, line1=f"{house} Elm Street", city=f"Town {house}", place=f"US|{house}|{house}elmst")
    called = f"{chr(97 + name // 26)}{chr(97 + name % 26)}"
    return person(f"{house}-{name}", f"{called} {called}", emails=[mailbox], address=replace(address, postal_code=None))


def test_keys_that_most_share_are_left_out_first() -> None:
    """So many of a name and so many in a house do not make each meet all of them; one's own mailbox still counts."""
    few = {key_of(one): one for one in (_in_house(house, name) for house in range(4) for name in range(4))}
    many = {key_of(one): one for one in (_in_house(house, name) for house in range(40) for name in range(40))}
    of_one_name = (("billing", "1-2"), ("billing", "3-2"))
    of_one_mailbox = (("billing", "2-3"), ("billing", "3-2"))
    assert {of_one_name, of_one_mailbox} <= set(pairs(few))
    found = list(pairs(many))
    assert of_one_mailbox in found
    assert of_one_name not in found
    assert len(found) <= MOST_PAIRS * len(many)


def test_pairs_are_those_that_share_a_key(profiles: dict[Key, Profile], rows: list[Features]) -> None:
    """Splink's blocks and ours are the same keys: what is scored there is compared here."""
    by = {row.key: set(row.blocks) for row in rows}
    compared = list(pairs(profiles))
    assert compared == sorted(set(compared))
    assert all(by[identifier(one)] & by[identifier(other)] for one, other in compared)
