"""Whose an activity is: told only where one customer fits, and a handle of several is not one person's."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.attribution import attribute, signature
from ingest.called import is_called, may_be_called
from ingest.directory import MOST_OF_A_HOUSE, Clues, Directory
from ingest.live.known import Known
from ingest.names import PersonName, given_first
from ingest.normalise import Line, rings
from ingest.records import Call, ContactRecord, OrderRecord, PostalAddress, Profile, Record, Ticket, WebEvent
from ingest.rows import Exports, Read, Row, Silo
from schema.enums import IdentityKind as Kind

NOW = datetime(2026, 11, 1, tzinfo=UTC)
HOUSE, OTHER_HOUSE = "GB|L171GN|1elm", "GB|S30WN|9oak"
LANDLINE, MOBILE, AMERICAN = "+442073056746", "+447911007215", "+15125304290"
FAMILY = "family.lee7@x.example"


def person(
    key: str,
    name: str,
    *,
    emails: Sequence[str] = (),
    phones: Sequence[str] = (),
    place: str | None = HOUSE,
    born: date | None = None,
) -> Profile:
    """A profile record with little in it."""
    address = PostalAddress(None, None, None, None, None, "GB", place)
    named = given_first(name)
    rest = ((), None, None, None, Kind.CUSTOMER_NUMBER)
    return Profile(key, "billing", named, born, tuple(emails), tuple(phones), address, *rest)


def directory(*people: Profile) -> Directory:
    """Everybody is a customer of her own, under the key of her record."""
    made = Directory(["GB"])
    for one in people:
        made.enter(one.key, one)
    return made


def told(made: Directory, clues: Clues) -> tuple[str, str] | None:
    """The customer and the rule."""
    found = made.find(clues)
    return (found.customer, found.method) if found else None


ANN = person("ann", "Ann Lee", emails=[FAMILY], phones=[LANDLINE])
BOB = person("bob", "Bob Lee", phones=[MOBILE], born=date(1985, 12, 3))
CY = person("cy", "Cy Marsh", place=OTHER_HOUSE, phones=[AMERICAN])


@pytest.mark.parametrize(
    ("number", "line"), [(LANDLINE, Line.LANDLINE), (MOBILE, Line.MOBILE), (AMERICAN, Line.UNTOLD)]
)
def test_numbers_tell_where_they_ring(number: str, line: Line) -> None:
    """North American ones do not."""
    assert rings(number) is line


def test_a_landline_is_nobodys_where_others_live() -> None:
    """Bob may have called from the number that only Ann gave."""
    assert told(directory(ANN, BOB), Clues(phone=LANDLINE)) is None
    assert told(directory(ANN, replace(BOB, address=CY.address)), Clues(phone=LANDLINE)) == ("ann", "phone")


def test_a_mobile_is_hers_whoever_lives_with_her() -> None:
    """It rings with a person."""
    assert told(directory(ANN, BOB), Clues(phone=MOBILE)) == ("bob", "phone")


def test_a_landline_tells_together_with_a_name_or_a_birth_date() -> None:
    """Of anybody who lives there."""
    made = directory(ANN, BOB)
    assert told(made, Clues(phone=LANDLINE, name="Ann Lee")) == ("ann", "phone_and_name")
    assert told(made, Clues(phone=LANDLINE, name="Bob Lee")) == ("bob", "phone_and_name")
    assert told(made, Clues(phone=LANDLINE, born=date(1985, 12, 3))) == ("bob", "phone_and_birth_date")
    assert told(made, Clues(phone=LANDLINE, name="Dora Quill")) is None


def test_a_birth_date_that_nobody_has_leaves_a_landline_open() -> None:
    """The caller said who it is, and it cannot be checked."""
    assert told(directory(ANN), Clues(phone=LANDLINE, born=date(1970, 1, 2))) is None


def test_a_landline_is_nobodys_where_her_address_is_unknown() -> None:
    """Whoever lives with her cannot be seen then."""
    nowhere = replace(ANN, address=replace(ANN.address, place=None))
    assert told(directory(nowhere), Clues(phone=LANDLINE)) is None


def test_a_landline_is_nobodys_live() -> None:
    """Who lives with her is known only to a load; a name tells as it does there."""
    made = Known(["GB"], people={"ann": [ANN]}).directory()
    assert told(made, Clues(phone=LANDLINE)) is None
    assert told(made, Clues(phone=LANDLINE, name="Ann Lee")) == ("ann", "phone_and_name")


def test_who_lives_in_a_block_is_no_household() -> None:
    """Units are not told apart, so a whole block would share every landline in it."""
    block = [person(f"n{number}", f"Zed Zoll{number}") for number in range(MOST_OF_A_HOUSE)]
    assert told(directory(ANN, *block), Clues(phone=LANDLINE)) is None
    named = Clues(phone=LANDLINE, name="Zed Zoll1")
    assert told(directory(ANN, block[1]), named) == ("n1", "phone_and_name")
    assert told(directory(ANN, *block), named) is None


def test_a_mailbox_of_several_needs_a_name() -> None:
    """Its one known user need not be the only one."""
    made = directory(ANN)
    assert told(made, Clues(email=FAMILY)) is None
    assert told(made, Clues(email=FAMILY, name="M. Lee")) is None
    assert told(made, Clues(email=FAMILY, name="Ann Lee")) == ("ann", "email_and_name")
    assert told(made, Clues(email=FAMILY, name="A. Lee")) == ("ann", "email_and_name")


def test_a_weaker_clue_may_tell_which_of_several_it_is() -> None:
    """Only among those whose mailbox it is."""
    made = directory(ANN, CY)
    made.learn("ann", Kind.DEVICE, "d1")
    made.learn("cy", Kind.DEVICE, "d2")
    assert told(made, Clues(email=FAMILY, device="d1")) == ("ann", "device")
    assert told(made, Clues(email=FAMILY, device="d2")) is None


def test_a_doubted_device_leads_to_nobody() -> None:
    """Somebody unknown uses it, too."""
    made = directory(ANN)
    made.learn("ann", Kind.DEVICE, "d1")
    made.doubt(Kind.DEVICE, "d1")
    assert told(made, Clues(device="d1")) is None


@pytest.mark.parametrize(
    ("name", "record", "may_be"),
    [
        ("Ann Lee", "Ann Marsh", True),  # people marry
        ("Bob Lee", "Ann Lee", False),
        ("M. Lee", "Ann Lee", False),
        ("A. Lee", "Ann Lee", True),
        ("Mary Bishop", "B. Bishop", False),  # a family name is no given name's initial
        ("Liane Berg", "I. Kallert", False),  # nor does an initial tell anything of another family
        ("Ellie Jones", "James Donald", False),
        ("Lee, Ann", "Ann Marsh", True),
        ("Lee Ann", "Ann Lee", True),
        ("Ann Lee", "Lee Ann", True),
        ("R. Roman", "Dobbin Roman", True),  # Robert
        ("Ann", "Ann Lee", True),
    ],
)
def test_given_names_tell_people_apart(name: str, record: str, may_be: bool) -> None:
    """As they are written, shortened or swapped."""
    assert may_be_called(name, [given_first(record)]) is may_be


NAMES = st.sampled_from(["Ann", "Bob", "Cy", "Dora", "Eve", "Mary", "Karl", "Lee", "Marsh", "Quill", "Zoll", "Berg"])


@given(NAMES, NAMES)
def test_everybody_is_called_as_her_record_says(one: str, other: str) -> None:
    """In both orders, by initial, and whoever is named may be meant."""
    own = [PersonName(one, other)]
    for name in (f"{one} {other}", f"{other} {one}", f"{other}, {one}", f"{one[0]}. {other}"):
        assert may_be_called(name, own)
        assert is_called(name, own)


@given(NAMES, NAMES, NAMES)
def test_who_is_called_so_may_be_meant(one: str, other: str, third: str) -> None:
    """The strict judgement never says more than the mild one."""
    own = [PersonName(one, other)]
    for name in (f"{third} {other}", f"{one} {third}", third):
        assert may_be_called(name, own) or not is_called(name, own)


@pytest.mark.parametrize(
    ("text", "name"),
    [("Hello\n\nRegards\nBriana\n", "Briana"), ("Where is it?\nCall me at once, today please.", None), (None, None)],
)
def test_mails_end_with_a_name(text: str | None, name: str | None) -> None:
    """Where the last line is one."""
    assert signature(text) == name


# What records name

SILO = Silo("made", "made", "", "made")


def owners(made: Directory, *records: Record) -> dict[str, str]:
    """The customer of each record that is somebody's, by its key."""
    exports = Exports((SILO,), tuple(Read(SILO, Row("made", 1, {}), one) for one in records), ())
    found = attribute(exports, made, {})
    return {key: one.customer for (_, key), one in found.found.items()}


def order(key: str, number: str | None, *, device: str | None = None) -> OrderRecord:
    """An order of the account with this number."""
    rest = (device, (), None, None, None, None, None)
    return OrderRecord(key, NOW, None, "completed", None, None, None, None, number, None, *rest)


def call(caller: str, notes: str | None) -> Call:
    """A call that came in."""
    return Call("CL-1", NOW, False, caller, None, None, None, None, None, None, notes)


def case(reporter: str | None, *, named: str | None = None, origin: str | None = None) -> Ticket:
    """A case that was reported from a number."""
    rest = (None, origin, None, None, None)
    return Ticket("CS-1000001", NOW, None, None, "open", None, None, (), None, reporter, named, *rest)


def event(
    key: str, kind: str, device: str, user: str | None = None, *, placed: str | None = None, **traits: str
) -> WebEvent:
    """A message of the tracking library."""
    name, properties = ("Order Completed", {"order_id": placed}) if placed else (None, {})
    return WebEvent(key, kind, NOW, device, user, None, name, False, None, traits, properties)


EVE = person("K-100001", "Eve Cross", phones=[AMERICAN])
FAY = person("K-100002", "Fay Cross")
ORDER = order("A10000001", "K-100002")


def test_an_order_stands_above_a_number_that_may_ring_in_a_house() -> None:
    """Whoever calls from it about somebody's order is that somebody, unless the name says otherwise."""
    made = directory(EVE, FAY)
    assert owners(made, ORDER, call(AMERICAN, "where is it"))["CL-1"] == "K-100001"
    assert owners(made, ORDER, call(AMERICAN, "where is A10000001"))["CL-1"] == "K-100002"
    assert owners(made, ORDER, call(AMERICAN, "Eve Cross - where is A10000001"))["CL-1"] == "K-100001"
    assert owners(made, ORDER, case(AMERICAN, named="A10000001"))["CS-1000001"] == "K-100002"


def test_an_order_does_not_stand_above_a_mobile() -> None:
    """People ask about the orders of others."""
    made = directory(replace(EVE, phones=(MOBILE,)), FAY)
    assert owners(made, ORDER, call(MOBILE, "where is A10000001"))["CL-1"] == "K-100001"


def test_who_the_caller_said_to_be_counts_for_the_case() -> None:
    """It began with that call."""
    made = directory(ANN, BOB)
    asked = case(LANDLINE, origin="CL-1")
    assert "CS-1000001" not in owners(made, call(LANDLINE, None), asked)
    assert owners(made, call(LANDLINE, "Bob Lee - parcel broken"), asked)["CS-1000001"] == "bob"


def test_a_case_that_somebody_unknown_calls_about_is_not_the_other_callers() -> None:
    """Bob's call names the case; another does, too, in which nobody knows the speaker."""
    made = directory(ANN, BOB)
    bob, stranger = call(MOBILE, "see CS-1000001"), replace(call("", "Dora Quill - see CS-1000001"), key="CL-2")
    assert owners(made, bob, case(None))["CS-1000001"] == "bob"
    assert "CS-1000001" not in owners(made, bob, stranger, case(None))


def test_an_order_placed_tells_whose_device_it_is() -> None:
    """And that of two customers is neither's."""
    placed, seen = event("e1", "track", "d1", placed="A10000001"), event("e2", "page", "d1")
    made = directory(EVE, FAY)
    assert owners(made, ORDER, placed, seen) == {"A10000001": "K-100002", "e1": "K-100002", "e2": "K-100002"}
    other = order("A10000002", "K-100001", device="d1")
    found = owners(directory(EVE, FAY), ORDER, other, placed, seen)
    assert found["e1"] == "K-100002"
    assert "e2" not in found


def test_a_device_tells_who_an_unknown_user_is_where_the_name_is_hers() -> None:
    """With another name it is a stranger's, too, and what comes without a user is nobody's."""
    bought, seen = order("A10000003", "K-100002", device="d1"), event("e2", "page", "d1")
    fay = event("e1", "identify", "d1", "u1", firstName="Fay", lastName="Cross")
    found = owners(directory(EVE, FAY), bought, fay, seen, event("e3", "page", "d9", "u1"))
    assert (found["e1"], found["e2"], found["e3"]) == ("K-100002", "K-100002", "K-100002")
    stranger = event("e1", "identify", "d1", "u1", firstName="Dora", lastName="Quill")
    found = owners(directory(EVE, FAY), bought, stranger, seen)
    assert "e1" not in found
    assert "e2" not in found


def contact(key: str, address: str, record: str | None = None) -> ContactRecord:
    """A push message, to an entry of a list or to a device alone."""
    system = "made" if record else None
    return ContactRecord(
        key, "C1", "push", "service", NOW, system, record, address, True, False, False, False, False, False
    )  # fmt: skip


def test_a_contact_without_a_list_is_whose_lists_reach_that_address() -> None:
    """Where they reach one customer alone there; a device that is known tells more."""
    profiles = {("made", "eve"): "eve", ("made", "fay"): "fay"}

    def reached(*contacts: ContactRecord, made: Directory | None = None) -> dict[str, str]:
        exports = Exports((SILO,), tuple(Read(SILO, Row("made", 1, {}), one) for one in contacts), ())
        found = attribute(exports, made or directory(), profiles)
        return {key: one.customer for (system, key), one in found.found.items() if system == "contacts"}

    listed, bare = contact("1", "d1", "eve"), contact("2", "d1")
    assert reached(listed, bare) == {"1": "eve", "2": "eve"}
    assert reached(listed, bare, contact("3", "d1", "fay")) == {"1": "eve", "3": "fay"}
    assert reached(contact("1", "d2", "eve"), bare) == {"1": "eve"}
    known = directory(FAY)
    known.learn("K-100002", Kind.DEVICE, "d1")
    assert reached(listed, bare, made=known) == {"1": "eve", "2": "K-100002"}
