"""A caller's answer in the spellings that count as right: what handles, dates, amounts and addresses are compared in.

Whether an answer can be read depends on its letters alone, never on what is on file.
"""

import re
from datetime import date
from decimal import Decimal, InvalidOperation

from schema.enums import CallerFact, IdentityKind
from schema.errors import ValueInvalid
from schema.handles import spellings
from schema.spelling import bare, street

LONGEST = 200
DAY_LAST = re.compile(r"(\d{4})[-./ ](\d{1,2})[-./ ](\d{1,2})")
DAY_FIRST = re.compile(r"(\d{1,2})[. ](\d{1,2})[. ](\d{4})")
EITHER = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4})")
AMOUNT = re.compile(r"\d{1,3}(?:([., ']?)\d{3})*(?:[.,]\d{1,2})?|\d+(?:[.,]\d{1,2})?")


def comparable(fact: CallerFact, answer: str) -> list[object]:
    """The values of the graph that the answer stands for. Raises ValueInvalid for what stands for none.

    Several for a phone number without its country.
    """
    said = answer.strip()
    if not 0 < len(said) <= LONGEST:
        raise ValueInvalid(f"An answer has 1 to {LONGEST} characters.")
    match fact:
        case CallerFact.BIRTH_DATE:
            return [_day(said)]
        case CallerFact.LAST_ORDER_TOTAL:
            return [_amount(said)]
        case CallerFact.PHONE | CallerFact.EMAIL | CallerFact.CUSTOMER_NUMBER:
            found: list[object] = list(spellings(IdentityKind[fact.name].name, said))
        case CallerFact.ADDRESS_LINE:
            found = [street(said)]
        case _:  # postal code and order number
            found = [bare(said)]
    if not any(found):
        raise ValueInvalid("The answer is not of the kind that was asked for.")
    return found


def _day(said: str) -> date:
    """Year first, or day first with dots; with strokes only where it can be but one day."""
    if found := DAY_LAST.fullmatch(said):
        year, month, day = (int(part) for part in found.groups())
    elif found := DAY_FIRST.fullmatch(said):
        day, month, year = (int(part) for part in found.groups())
    elif found := EITHER.fullmatch(said):
        day, month, year = (int(part) for part in found.groups())
        if day <= 12 and month <= 12 and day != month:
            raise ValueInvalid("It cannot be told which is the day and which the month: write 1985-03-27.")
        day, month = (month, day) if month > 12 else (day, month)
    else:
        raise ValueInvalid("A day is written as 1985-03-27.")
    try:
        return date(year, month, day)
    except ValueError:
        raise ValueInvalid("There is no such day.") from None


def _amount(said: str) -> Decimal:
    """An amount with a point or a comma before its cents, whatever stands between its thousands."""
    bare_amount = re.sub(r"[^\d.,']", "", said)
    if not AMOUNT.fullmatch(bare_amount):
        raise ValueInvalid("An amount is written as 1234.50.")
    whole, _, cents = re.sub(r"[.,](\d{1,2})$", r" \1", bare_amount).partition(" ")
    try:
        return Decimal(f"{re.sub(r'[^0-9]', '', whole)}.{cents or '0'}")
    except InvalidOperation:
        raise ValueInvalid("An amount is written as 1234.50.") from None
