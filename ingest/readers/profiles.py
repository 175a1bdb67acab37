"""People in billing, shipping and sales, companies and who works for them."""

import re
from datetime import UTC, date, datetime, time

from ingest.fields import Cells, Unreadable
from ingest.names import family_first, given_first, in_parts
from ingest.normalise import country, mailbox, phone, place
from ingest.records import Account, AccountContact, PostalAddress, Profile
from schema.enums import IdentityKind

_GERMAN_DAY = "%d.%m.%Y"
# Days that forms put in when the clerk did not ask.
_NO_BIRTH_DATES = frozenset({date(1900, 1, 1), date(1970, 1, 1), date(2000, 1, 1)})


def billing(cells: Cells) -> Profile:
    """A row of billing.csv."""
    region = country(cells.text("CTRY"))
    changed = cells.day("CHANGED", _GERMAN_DAY)
    return Profile(
        key=cells.required("CUST_NO"),
        system="billing",
        name=family_first(cells.required("ACCT_NAME")),
        birth_date=_birth_date(cells.day("DOB", _GERMAN_DAY)),
        emails=_mailboxes(cells.text("EMAIL")),
        phones=_phones(region, cells.text("TEL")),
        address=_address(cells, "BILL_STREET", "BILL_ADD", "ZIP", "CITY", None, region),
        references=(),
        since=cells.day("OPENED", _GERMAN_DAY),
        changed_at=datetime.combine(changed, time(), UTC) if changed else None,
        balance=cells.cents("BALANCE"),
        known_as=IdentityKind.CUSTOMER_NUMBER,
    )


def shipping(cells: Cells) -> Profile:
    """A row of shipping.csv."""
    region = country(cells.text("country"))
    first = cells.moment("first_parcel_at")
    return Profile(
        key=cells.required("shipping_account"),
        system="shipping",
        name=given_first(cells.required("recipient")),
        birth_date=None,
        emails=_mailboxes(cells.text("contact_email")),
        phones=_phones(region, cells.text("contact_phone")),
        address=_address(cells, "address_line_1", "address_line_2", "postal_code", "town", "region", region),
        references=(),
        since=first.date() if first else None,
        changed_at=cells.moment("last_parcel_at"),
        balance=None,
        known_as=IdentityKind.SHIPPING_ACCOUNT,
    )


def crm(cells: Cells) -> Profile:
    """A row of crm.csv. Customer numbers of other silos may name a stranger; the resolution judges them."""
    region = country(cells.text("MailingCountryCode"))
    created = cells.moment("CreatedDate")
    return Profile(
        key=cells.required("Id"),
        system="crm",
        name=in_parts(cells.text("FirstName"), cells.text("MiddleName"), cells.text("LastName"), cells.text("Suffix")),
        birth_date=_birth_date(_sales_day(cells, "Birthdate")),
        emails=_mailboxes(cells.text("Email"), cells.text("SecondaryEmail")),
        phones=_phones(region, cells.text("MobilePhone"), cells.text("Phone")),
        address=_address(cells, "MailingStreet", None, "MailingPostalCode", "MailingCity", "MailingState", region),
        references=tuple(part for part in re.split(r"[|;,\s]+", cells.text("CustomerNumbers") or "") if part),
        since=created.date() if created else None,
        changed_at=cells.moment("LastModifiedDate"),
        balance=None,
    )


def account(cells: Cells) -> Account:
    """A row of accounts.csv."""
    created = cells.moment("CreatedDate")
    return Account(
        key=cells.required("Id"),
        name=cells.required("Name"),
        parent=cells.text("ParentId"),
        vat_number=re.sub(r"\W", "", cells.text("VatNumber") or "").upper() or None,
        country=country(cells.text("BillingCountryCode")),
        website=cells.text("Website"),
        description=cells.text("Description"),
        since=created.date() if created else None,
    )


def account_contact(cells: Cells) -> AccountContact:
    """A row of account_contacts.csv; it has no key of its own."""
    company, contact, name = cells.required("AccountId"), cells.text("ContactId"), cells.text("ContactName")
    since = cells.day("StartDate")
    return AccountContact(
        key="|".join((company, contact or name or "", since.isoformat() if since else "")),
        account=company,
        contact=contact,
        name=name,
        email=mailbox(cells.text("ContactEmail")),
        role=cells.text("Role"),
        since=since,
        until=cells.day("EndDate"),
    )


def _sales_day(cells: Cells, column: str) -> date | None:
    """Sales writes MM/DD/YYYY in the US and ISO elsewhere."""
    return cells.day(column, "%m/%d/%Y" if "/" in (cells.text(column) or "") else "%Y-%m-%d")


def _birth_date(day: date | None) -> date | None:
    return None if day in _NO_BIRTH_DATES else day


def _mailboxes(*texts: str | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(found for text in texts if (found := mailbox(text))))


def _phones(region: str | None, *texts: str | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(found for text in texts if (found := phone(text, region))))


def _address(
    cells: Cells, street: str, unit: str | None, code: str, city: str, state: str | None, region: str | None
) -> PostalAddress:
    first, _, rest = (cells.text(street) or "").partition("\n")
    if region is None:
        raise Unreadable("country", "unknown country")
    postal_code = cells.text(code)
    return PostalAddress(
        line1=first.strip() or None,
        line2=(cells.text(unit) if unit else None) or rest.strip() or None,
        postal_code=postal_code,
        city=cells.text(city),
        state=cells.text(state) if state else None,
        country=region,
        place=place(first.strip() or None, postal_code, region),
    )
