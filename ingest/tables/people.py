"""Customers, companies and who works for them."""

import re
from collections.abc import Callable
from datetime import date

from ingest.fields import Unreadable
from ingest.names import PersonName, family_first, given_first, in_parts
from ingest.normalise import country, mailbox, national_id, phone, place
from ingest.records import Account, AccountContact, PostalAddress, Profile
from ingest.tables.column import System, Table, Type, may, must
from ingest.tables.values import Values
from schema.enums import ChannelKind

# Days that forms put in when the clerk did not ask.
_NO_BIRTH_DATES = frozenset({date(1900, 1, 1), date(1970, 1, 1), date(2000, 1, 1)})


def _customer(values: Values, system: System) -> Profile:
    region = country(values.text("country"))
    if region is None:
        raise Unreadable("country", "unknown country")
    return Profile(
        key=values.required("id"),
        system=system.name,
        name=_name(values),
        birth_date=None if (born := values.day("birth_date")) in _NO_BIRTH_DATES else born,
        emails=_each(values, "email", "other_emails", mailbox),
        phones=_each(values, "phone", "other_phones", lambda text: phone(text, region)),
        address=_address(values, region),
        references=_numbers(values),
        since=values.day("since"),
        changed_at=values.moment("changed_at"),
        balance=values.cents("balance"),
        known_as=system.keys,
        preferred=ChannelKind.__members__.get((values.text("preferred_channel") or "").upper()),
        national_id=national_id(values.text("national_id")),
    )


def _name(values: Values) -> PersonName:
    if whole := values.text("name"):
        return given_first(whole)
    if whole := values.text("name_family_first"):
        return family_first(whole)
    return in_parts(*(values.text(part) for part in ("given_name", "middle_name", "family_name", "suffix")))


def _each(values: Values, first: str, others: str, clean: Callable[[str | None], str | None]) -> tuple[str, ...]:
    typed = (values.text(first), *values.texts(others))
    return tuple(dict.fromkeys(found for text in typed if (found := clean(text))))


def _numbers(values: Values) -> tuple[str, ...]:
    listed = values.of.get("other_numbers")
    if isinstance(listed, list):
        return values.texts("other_numbers")
    return tuple(part for part in re.split(r"[|;,\s]+", values.text("other_numbers") or "") if part)


def _address(values: Values, region: str) -> PostalAddress:
    first, _, rest = (values.text("street") or "").partition("\n")
    postal_code = values.text("postal_code")
    return PostalAddress(
        line1=first.strip() or None,
        line2=values.text("unit") or rest.strip() or None,
        postal_code=postal_code,
        city=values.text("city"),
        state=values.text("state"),
        country=region,
        place=place(first.strip() or None, postal_code, region),
    )


CUSTOMERS = Table(
    "customers",
    "People as one system knows them; whose records are one person is found out later.",
    (
        must("id", Type.TEXT, "The record's key in its system: customer number, account, contact id."),
        may("name", Type.TEXT, "The whole name in one column, given name first."),
        may("name_family_first", Type.TEXT, "The whole name in one column, as `FAMILY, Given`."),
        may("given_name", Type.TEXT, "Given name, where names come in parts."),
        may("middle_name", Type.TEXT, "Middle names or initials."),
        may("family_name", Type.TEXT, "Family name."),
        may("suffix", Type.TEXT, "Sr., Jr., II ..."),
        may("birth_date", Type.DATE, "Birth date; 1 January of 1900, 1970 and 2000 count as not known."),
        may("email", Type.EMAIL, "Mailbox; what is not one counts as none."),
        may("other_emails", Type.TEXTS, "Further mailboxes."),
        may("phone", Type.PHONE, "Phone number, dialled as in `country` where it has no +."),
        may("other_phones", Type.TEXTS, "Further phone numbers."),
        may("street", Type.TEXT, "Street and number; what follows a line break is the unit."),
        may("unit", Type.TEXT, "Flat, floor, second line."),
        may("postal_code", Type.TEXT, "Postal code."),
        may("city", Type.TEXT, "Town."),
        may("state", Type.TEXT, "State or province."),
        must("country", Type.COUNTRY, "Country. Where the export has none: a constant such as 'DE'."),
        may("other_numbers", Type.TEXTS, "Ids of this person in other systems; also one text with , ; | or blanks."),
        may("since", Type.DATE, "Customer since."),
        may("changed_at", Type.TIME, "When the record last changed: the later of two values survives."),
        may(
            "preferred_channel",
            Type.TEXT,
            f"The channel that she asked for: {', '.join(ChannelKind.__members__)}; what is none counts as none.",
        ),
        may("balance", Type.MONEY, "Balance of the account."),
        may(
            "national_id",
            Type.TEXT,
            "Tax or social security number, in any notation; kept sealed. What is a placeholder counts as none.",
        ),
    ),
    _customer,
)


def _company(values: Values, system: System) -> Account:
    del system
    return Account(
        key=values.required("id"),
        name=values.required("name"),
        parent=values.text("parent"),
        vat_number=re.sub(r"\W", "", values.text("vat_number") or "").upper() or None,
        country=country(values.text("country")),
        website=values.text("website"),
        description=values.text("description"),
        since=values.day("since"),
    )


COMPANIES = Table(
    "companies",
    "Companies that are customers; doubled entries are joined later.",
    (
        must("id", Type.TEXT, "The company's key."),
        must("name", Type.TEXT, "Name with its legal form."),
        may("parent", Type.TEXT, "Id of the company above it."),
        may("vat_number", Type.TEXT, "VAT number, in any notation."),
        may("country", Type.COUNTRY, "Country."),
        may("website", Type.TEXT, "Address of its web pages."),
        may("description", Type.TEXT, "What sales wrote about it."),
        may("since", Type.DATE, "Customer since."),
    ),
    _company,
)


def _company_contact(values: Values, system: System) -> AccountContact:
    company, contact, name = values.required("company"), values.text("contact"), values.text("name")
    since = values.day("since")
    made = "|".join((company, contact or name or "", since.isoformat() if since else ""))
    return AccountContact(
        key=values.text("id") or made,
        account=company,
        contact=contact,
        name=name,
        email=mailbox(values.text("email")),
        role=values.text("role"),
        since=since,
        until=values.day("until"),
        contact_system=values.text("contact_system") or system.name,
    )


COMPANY_CONTACTS = Table(
    "company_contacts",
    "Who works or worked for which company.",
    (
        may("id", Type.TEXT, "The row's key; without it, it is made of company, person and first day."),
        must("company", Type.TEXT, "Id of the company."),
        may("contact", Type.TEXT, "Id of the person among `customers`."),
        may("contact_system", Type.TEXT, "The system that this id is of; without it, this one."),
        may("name", Type.TEXT, "Name of the person."),
        may("email", Type.EMAIL, "Mailbox of the person."),
        may("role", Type.TEXT, "What the person does there."),
        may("since", Type.DATE, "First day."),
        may("until", Type.DATE, "Last day."),
    ),
    _company_contact,
)
