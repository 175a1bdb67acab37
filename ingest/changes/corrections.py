"""correctAddress and correctName: a value that sources have wrong is set right (GDPR art. 16).

The value becomes a Correction, which is never changed; the golden record is made anew from it and from what the sources
hold, by the load's own assembly, and systems that hold the old value are told, all in the transaction of the change.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

import orjson
import strawberry

from ingest.changes.regroup import Desk
from ingest.changes.texts import LONGEST_LINE, line
from ingest.corrections import OURS, Correction, place_of
from ingest.golden import candidates_of, golden_person, written
from ingest.normalise import country, place
from ingest.records import PostalAddress, Profile
from ingest.statements import text
from ingest.write_back.changed import Changed
from ingest.write_back.outbox import announce
from resolvers.mutation import Act, ChangeInput, Mutation, Written
from schema.errors import CorrectionImpossible, DecisionImpossible, ValueInvalid

LONGEST_PART = 200
PARTS = {"line1": "line1", "line2": "line2", "postalCode": "postal_code", "city": "city", "state": "state"}
"""The parts of an address as the input names them and as records do."""


@strawberry.input(description="Where a customer lives, as it should have been. What is not said, the address lacks.")
class CorrectAddressInput(ChangeInput):
    """An address."""

    customer: strawberry.ID = strawberry.field(description="Whose address it is.")
    line1: str | None = strawberry.field(default=strawberry.UNSET, description="Street and number.")
    line2: str | None = strawberry.field(default=strawberry.UNSET, description="Flat, floor, company, in care of.")
    postal_code: str | None = strawberry.field(default=strawberry.UNSET, description="Postal code.")
    city: str | None = strawberry.field(default=strawberry.UNSET, description="City.")
    state: str | None = strawberry.field(default=strawberry.UNSET, description="State or province.")
    country: str = strawberry.field(description="ISO 3166 code, or a name of the country. The region follows it.")
    reason: str = strawberry.field(description="Why, in a line.")


@strawberry.input(description="The name of a customer, as it should have been. What is not said stays.")
class CorrectNameInput(ChangeInput):
    """A name."""

    customer: strawberry.ID = strawberry.field(description="Whose name it is.")
    given_name: str | None = strawberry.field(default=strawberry.UNSET, description="Given names.")
    family_name: str | None = strawberry.field(default=strawberry.UNSET, description="Family name.")
    reason: str = strawberry.field(description="Why, in a line.")


@dataclass(frozen=True, slots=True)
class Right:
    """One value that is right: of which attribute, and where it is an address that one in its parts."""

    attribute: str
    value: str
    address: PostalAddress | None = None


async def correct_address(act: Act) -> Written:
    """Set the address right, and with it the region. Raises ValueInvalid for one at which no letter arrives."""
    parts = {PARTS[name]: line(act.input, name, LONGEST_PART) for name in PARTS}
    region = country(line(act.input, "country", LONGEST_PART))
    if region is None:
        raise ValueInvalid("'country' is an ISO 3166 code, or the name of a country.")
    if parts["line1"] is None or (parts["postal_code"] is None and parts["city"] is None):
        raise ValueInvalid("An address has 'line1', and 'postalCode' or 'city'.")
    home = place(parts["line1"], parts["postal_code"], region)
    address = PostalAddress(**parts, country=region, place=home)
    await _correct(act, [Right("address", written(address), address), Right("region", region)])
    await act.run(text("moved"), {"customer": act.record, "address": written(address)})
    told = {name: getattr(address, part) for name, part in PARTS.items()} | {"country": region}
    await announce(act, act.record, Changed.ADDRESS, told, "address")
    fields = [f"Address.{name}" for name, value in told.items() if value is not None]
    return Written(act.record, [*fields, "Customer.region", "Correction.value", "Correction.reason"])


async def correct_name(act: Act) -> Written:
    """Set the name right. Raises ValueInvalid where none is said."""
    said = {name: value for name in ("givenName", "familyName") if (value := line(act.input, name, LONGEST_PART))}
    if not said:
        raise ValueInvalid("Say the given name, the family name, or both.")
    await _correct(act, [Right(name, value) for name, value in said.items()])
    await announce(act, act.record, Changed.NAME, said)
    fields = [*(f"Customer.{name}" for name in said), "Customer.name"]
    return Written(act.record, [*fields, "Correction.value", "Correction.reason"])


async def _correct(act: Act, rights: Sequence[Right]) -> None:
    """Keep what is right beside what sources hold, and make the golden record anew. Raises CorrectionImpossible."""
    reason = line(act.input, "reason", LONGEST_LINE)
    if reason is None:
        raise ValueInvalid("'reason' says in a line why.")
    desk = Desk(act)
    try:
        (key,) = (await desk.persons([act.record])).values()
        profiles = [one.record for one in await desk.held([act.record]) if isinstance(one.record, Profile)]
    except DecisionImpossible:
        raise CorrectionImpossible from None
    if not profiles:
        raise CorrectionImpossible
    around = await desk.around([act.record])
    rules = around.in_force.survivorship.believing(around.in_force.first)
    held = candidates_of(profiles, around.shared)
    now = golden_person(profiles, around.shared, rules, around.corrections)
    before = {one.id: one for one in around.corrections}
    rows = []
    for right in rights:
        choice = now.choices.get(right.attribute)
        on = _on(choice.chosen.system, choice.chosen.record, before) if choice else None
        rows.append(
            {
                "id": (id_ := act.new_id("cor")),
                "sourceKey": f"api:{id_}",
                "attribute": right.attribute,
                "value": right.value,
                "reason": reason,
                "role": act.viewer.role,
                "viewer": None if act.viewer.subject == act.record else act.viewer.subject,
                "address": orjson.dumps(asdict(right.address)).decode() if right.address else None,
                "on": list(on or (profiles[0].system, profiles[0].key)),
                "held": _as_held({place_of(one.system, one.record): one.spelling for one in held[right.attribute]}),
            }
        )
    await act.run(text("correct"), {"customer": act.record, "rows": rows, "now": act.now})
    await desk.renew_golden(act.record, key)


def _on(system: str, record: str, before: Mapping[str, Correction]) -> tuple[str, str]:
    """The record of a source that held the value; where that was set right before, the one that it was set right of."""
    return before[record].on if system == OURS and record in before else (system, record)


def _as_held(held: Mapping[str, str]) -> str:
    return orjson.dumps(dict(held), option=orjson.OPT_SORT_KEYS).decode()


CORRECT_ADDRESS = Mutation(
    name="correctAddress",
    about="Set right where a customer lives. It stands against what sources say until one says something new.",
    input=CorrectAddressInput,
    names="customer",
    target="Customer",
    gives="Customer",
    carry_out=correct_address,
)
CORRECT_NAME = Mutation(
    name="correctName",
    about="Set right what a customer is called. It stands against what sources say until one says something new.",
    input=CorrectNameInput,
    names="customer",
    target="Customer",
    gives="Customer",
    carry_out=correct_name,
)
