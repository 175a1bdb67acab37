"""Companies: doubled entries joined, who stands above whom, who works where today."""

import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from ingest.normalise import folded
from ingest.records import Account, AccountContact

# Forms that registers write in several ways; one spelling for each.
_LEGAL_FORMS = {
    "limited": "ltd",
    "incorporated": "inc",
    "corporation": "corp",
    "company": "co",
    "gesellschaft mit beschraenkter haftung": "gmbh",
    "spolka z o o": "sp z o o",
}


@dataclass(frozen=True, slots=True)
class Organisation:
    """One company: its entries in the order of keys, and the keys of the entries above it."""

    accounts: tuple[Account, ...]
    parent: str | None

    @property
    def lead(self) -> Account:
        """The entry whose name holds: the oldest."""
        return min(self.accounts, key=lambda account: (account.since or date.max, account.key))


def organisations(accounts: Sequence[Account]) -> tuple[Organisation, ...]:
    """Companies, of entries that have one VAT number or one name in one country."""
    joined: dict[str, str] = {account.key: account.key for account in accounts}

    def root(key: str) -> str:
        while joined[key] != key:
            key = joined[key]
        return key

    by: dict[tuple[str, str], list[str]] = defaultdict(list)
    for account in sorted(accounts, key=lambda one: one.key):
        by["name", f"{account.country} {company_name(account.name)}"].append(account.key)
        if account.vat_number:
            by["vat", f"{account.vat_number} {company_name(account.name)[:4]}"].append(account.key)
    for first, *rest in by.values():
        for other in rest:
            low, high = sorted((root(first), root(other)))
            joined[high] = low
    entries: dict[str, list[Account]] = defaultdict(list)
    for account in sorted(accounts, key=lambda one: one.key):
        entries[root(account.key)].append(account)
    return tuple(Organisation(tuple(found), _parent(found, joined, root)) for found in entries.values())


def _parent(entries: Sequence[Account], known: Mapping[str, str], root: Callable[[str], str]) -> str | None:
    own = {account.key for account in entries}
    return next(
        (
            root(account.parent)
            for account in entries
            if account.parent and account.parent in known and account.parent not in own
        ),
        None,
    )


def company_name(name: str) -> str:
    """A company's name in one spelling, with its legal form in one spelling."""
    text = f" {re.sub(r'[?]', '', folded(name))} "
    for long, short in _LEGAL_FORMS.items():
        text = text.replace(f" {long} ", f" {short} ")
    return " ".join(text.split())


def works_today(contact: AccountContact, today: date) -> bool:
    """Whether the contact's role at the company is a current one."""
    return (contact.since is None or contact.since <= today) and (contact.until is None or contact.until >= today)
