"""The golden record as a vCard 4.0 (RFC 6350), so that an address book can take it over. Written by vobject."""

from collections.abc import Mapping, Sequence
from typing import Any

Record = Mapping[str, Any]


def card(customer: Record, identities: Sequence[Record]) -> str:
    """One vCard. The best mailbox and number are preferred (PREF=1, section 5.3)."""
    import vobject

    made = vobject.vCard()
    made.add("version").value = "4.0"
    made.add("uid").value = _line(customer["id"])
    name = _line(customer.get("name")) or _line(customer.get("email")) or _line(customer["id"])
    made.add("fn").value = name
    if customer.get("kind") == "ORGANISATION":
        made.add("kind").value = "org"
        made.add("org").value = [name]
    else:
        made.add("kind").value = "individual"
        family, given = _line(customer.get("familyName")), _line(customer.get("givenName"))
        made.add("n").value = vobject.vcard.Name(family=family, given=given)
    if day := customer.get("birthDate"):
        made.add("bday").value = str(day).replace("-", "")
    for one, best in _handles(customer.get("email"), "EMAIL", identities):
        _add(made, "email", one, best)
    for one, best in _handles(customer.get("phone"), "PHONE", identities):
        _add(made, "tel", f"tel:{one}", best).params["VALUE"] = ["uri"]
    if address := customer.get("address"):
        made.add("adr").value = vobject.vcard.Address(
            street=_line(address.get("line1")),
            extended=_line(address.get("line2")),
            city=_line(address.get("city")),
            region=_line(address.get("state")),
            code=_line(address.get("postalCode")),
            country=_line(address.get("country")),
        )
    if language := _line(customer.get("language")):
        made.add("lang").value = language
    return str(made.serialize())


def _handles(best: object, kind: str, identities: Sequence[Record]) -> list[tuple[str, bool]]:
    known = [one.get("normalized") for one in identities if one.get("kind") == kind and not one.get("blocked")]
    found = dict.fromkeys(_line(one) for one in (best, *known) if _line(one))
    return [(one, one == _line(best)) for one in found]


def _add(made: Any, name: str, value: str, best: bool) -> Any:
    line = made.add(name)
    line.value = value
    if best:
        line.params["PREF"] = ["1"]
    return line


def _line(value: object) -> str:
    """A text on one line; none is empty."""
    return "" if value is None else " ".join(str(value).split())
