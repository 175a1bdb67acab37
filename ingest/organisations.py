"""Companies: doubled entries joined, who stands above whom, who works where today."""

import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from ingest.normalise import folded
from ingest.records import Account, AccountContact

# Forms that registers write in several ways; one spelling for each.
_LEGAL_FORMS = {
    "limited": "ltd",
    "incorporated": "inc",
    "corporation": "corp",
    "company": "co",
    "gesellschaft mit beschraenkter haftung": "gmbh",
    "aktiengesellschaft": "ag",
    "spolka z o o": "sp zoo",
}
# How a company's name may end without being part of it: abbreviations of legal forms (ISO 20275), in one spelling.
_ENDINGS = re.compile(
    r"(?: (?:ltd|inc|corp|co|llc|llp|lp|plc|gmbh|ag|kg|kgaa|ohg|ug|se|sa|sas|sarl|sasu|sl|slu|srl|spa|bv|nv|ab|as|oy"
    r"|aps|sp zoo|sro|kft|doo))+$"
)
_LETTERS = re.compile(r"\b(?:\w )+\w\b")
_SHORTEST = 2  # a name of one word in running text is a word


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
    """Companies, of entries that have one VAT number or one name in one country.

    Where the legal form differs, something else has to agree.
    Who stands above is named by its key, or in words that only one company's name is.
    """
    joined: dict[str, str] = {account.key: account.key for account in accounts}

    def root(key: str) -> str:
        while joined[key] != key:
            key = joined[key]
        return key

    def join(keys: Sequence[str]) -> None:
        for other in keys[1:]:
            low, high = sorted((root(keys[0]), root(other)))
            joined[high] = low

    by: dict[tuple[str, str], list[str]] = defaultdict(list)
    alike: dict[str, list[Account]] = defaultdict(list)
    for account in sorted(accounts, key=lambda one: one.key):
        by["name", f"{account.country} {company_name(account.name)}"].append(account.key)
        alike[f"{account.country} {bare_name(account.name)}"].append(account)
        if account.vat_number:
            by["vat", f"{account.vat_number} {company_name(account.name)[:4]}"].append(account.key)
    for keys in by.values():
        join(keys)
    for same in alike.values():
        for one, other in combinations(same, 2):
            if _one_company(one, other):
                join([one.key, other.key])
    entries: dict[str, list[Account]] = defaultdict(list)
    for account in sorted(accounts, key=lambda one: one.key):
        entries[root(account.key)].append(account)
    names = _names(entries)
    return tuple(
        Organisation(tuple(found), _parent(found, joined, root) or _parent_in_words(key, found, names))
        for key, found in entries.items()
    )


def _one_company(one: Account, other: Account) -> bool:
    """Whether two entries of one country that differ by the legal form alone are one: something else says so too."""
    if one.vat_number and other.vat_number:
        return one.vat_number == other.vat_number
    if one.website and one.website == other.website:
        return True
    formless = any(company_name(entry.name) == bare_name(entry.name) for entry in (one, other))
    return formless and one.parent == other.parent and not (one.website and other.website)


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


def _names(entries: Mapping[str, Sequence[Account]]) -> Mapping[str, str]:
    """The one company of each name without its legal form; names of several companies name none."""
    owners: dict[str, set[str]] = defaultdict(set)
    for key, accounts in entries.items():
        for account in accounts:
            owners[bare_name(account.name)].add(key)
    return {
        name: next(iter(keys)) for name, keys in owners.items() if len(keys) == 1 and len(name.split()) >= _SHORTEST
    }


def _parent_in_words(key: str, entries: Sequence[Account], names: Mapping[str, str]) -> str | None:
    """The one other company that the descriptions of these entries name; of names within names the longest counts."""
    found: set[str] = set()
    for account in entries:
        words = folded(account.description or "").split()
        place = 0
        while place < len(words):
            longest = next((end for end in range(len(words), place, -1) if " ".join(words[place:end]) in names), place)
            if longest > place:
                found.add(names[" ".join(words[place:longest])])
            place = max(longest, place + 1)
    found.discard(key)
    return next(iter(found)) if len(found) == 1 else None


def company_name(name: str) -> str:
    """A company's name in one spelling, with its legal form in one spelling."""
    text = f" {re.sub(r'[?]', '', folded(name))} "
    for long, short in _LEGAL_FORMS.items():
        text = text.replace(f" {long} ", f" {short} ")
    return _LETTERS.sub(lambda found: found[0].replace(" ", ""), " ".join(text.split()))


def bare_name(name: str) -> str:
    """A company's name without its legal form."""
    return _ENDINGS.sub("", company_name(name))


def works_today(contact: AccountContact, today: date) -> bool:
    """Whether the contact's role at the company is a current one."""
    return (contact.since is None or contact.since <= today) and (contact.until is None or contact.until >= today)
