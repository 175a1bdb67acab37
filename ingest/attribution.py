"""Whose order, case or interaction it is: told only where exactly one customer fits, else left open.

Clues of the record itself come first, then what it names: its invoice or parcel, its thread, its case, its order.
"""

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

from ingest.directory import Clues, Directory, Found, numbers_in
from ingest.exports import Exports
from ingest.normalise import mailbox
from ingest.records import (
    Call,
    Chat,
    ContactRecord,
    InvoiceRecord,
    Mail,
    Mention,
    OrderRecord,
    Parcel,
    Ticket,
    WebEvent,
)
from ingest.resolve import Key
from schema.enums import IdentityKind as Kind

_CASE = re.compile(r"\b(?:CS-|tkt\s*)(\d{7})\b", re.IGNORECASE)
_ORDER = re.compile(r"\bA\d{8}\b")
_SKU = re.compile(r"\bAH-\d{4}\b")
# Call handlers begin with the caller's name and note the birth date they asked for.
_CALLER = re.compile(r"^\s*([^\W\d_][\w'.?-]+(?: [^\W\d_][\w'.?-]*){1,3}) - ")
_BORN = re.compile(r"\bDOB\b\D{0,8}(\d{2})\.(\d{2})\.(\d{2,4})")


@dataclass(slots=True)
class Attribution:
    """Who was found, by system and key of the record; and what texts name."""

    found: dict[Key, Found] = field(default_factory=dict)

    def of(self, system: str, key: str | None) -> Found | None:
        """Whose record it is, or None."""
        return self.found.get((system, key)) if key else None

    def note(self, system: str, key: str, found: Found | None) -> None:
        """Enter a finding, unless there is an earlier, stronger one."""
        if found:
            self.found.setdefault((system, key), found)


PERSON = "person"
"""The method of what a person attached."""


def attribute(
    exports: Exports,
    directory: Directory,
    profiles: Mapping[Key, str],
    attached: Mapping[Key, str] = MappingProxyType({}),
) -> Attribution:
    """Find whose each order, case, contact and interaction is. `directory` learns devices, users and handles.

    `attached` says whose persons said that interactions are: nothing that is found stands against it.
    """
    result = Attribution({key: Found(customer, PERSON) for key, customer in attached.items()})
    _orders(exports, directory, result)
    _users_and_devices(exports, directory, result)
    for contact in exports.of(ContactRecord):
        customer = profiles.get((contact.list_system or "", contact.list_record or ""))
        listed = Found(customer, "list_record") if customer else None
        result.note("contacts", contact.key, listed or directory.find(Clues(device=contact.address)))
    _interactions(exports, directory, result)
    _threads(exports, result)
    _cases(exports, directory, result)
    _by_what_is_named(exports, directory, result)
    _threads(exports, result)
    return result


def cases_named(text: str | None) -> tuple[str, ...]:
    """The cases that a text names, as the desk writes them."""
    return tuple(dict.fromkeys(f"CS-{match[1]}" for match in _CASE.finditer(text or "")))


def orders_named(text: str | None) -> tuple[str, ...]:
    """The orders that a text names."""
    return tuple(dict.fromkeys(_ORDER.findall(text or "")))


def products_named(text: str | None) -> tuple[str, ...]:
    """The article numbers that a text names."""
    return tuple(dict.fromkeys(_SKU.findall(text or "")))


def spoken(chat: Chat, *, visitor_only: bool = False) -> str:
    """What was said in a chat, a line each."""
    return "\n".join(line.text for line in chat.lines if line.by_visitor or not visitor_only)


def caller_name(notes: str | None) -> str | None:
    """The name with which a call handler's notes begin."""
    found = _CALLER.match(notes or "")
    return found[1] if found else None


# The steps


def _orders(exports: Exports, directory: Directory, result: Attribution) -> None:
    billed: dict[str, set[str]] = defaultdict(set)
    for invoice in exports.of(InvoiceRecord):
        if invoice.order and invoice.customer:
            billed[invoice.order].add(invoice.customer)
    sent: dict[str, set[str]] = defaultdict(set)
    for parcel in exports.of(Parcel):
        if parcel.order and parcel.account:
            sent[parcel.order].add(parcel.account)
    for order in exports.of(OrderRecord):
        own = Clues(
            numbers=(order.buyer_number,) if order.buyer_number else (),
            email=order.buyer_email,
            phone=order.buyer_phone,
            name=order.buyer_name,
        )
        steps = (
            (own, None),
            (Clues(numbers=sorted(billed[order.key]), name=order.buyer_name), "invoice"),
            (Clues(numbers=sorted(sent[order.key]), name=order.buyer_name), "parcel"),
        )
        for clues, method in steps:
            if found := directory.find(clues):
                result.note("orders", order.key, Found(found.customer, method or found.method))
                break


def _users_and_devices(exports: Exports, directory: Directory, result: Attribution) -> None:
    """Users from what they identified as; devices from the users, orders and chats seen on them."""
    events = exports.of(WebEvent)
    for event in events:
        if event.kind == "identify" and event.user and (found := directory.find(_traits(event))):
            directory.learn(found.customer, Kind.USER_ID, event.user)
    for event in events:
        owners = directory.users(Kind.USER_ID, event.user)
        for device in {event.device, event.previous} - {None} if len(owners) == 1 else ():
            directory.learn(next(iter(owners)), Kind.DEVICE, str(device))
    for order in exports.of(OrderRecord):
        if order.device and (found := result.of("orders", order.key)):
            directory.learn(found.customer, Kind.DEVICE, order.device)
    for chat in exports.of(Chat):
        clues = Clues(numbers=numbers_in([spoken(chat, visitor_only=True)]), email=chat.email, name=chat.name)
        if chat.device and (found := directory.find(clues)):
            directory.learn(found.customer, Kind.DEVICE, chat.device)
    for mention in exports.of(Mention):
        if found := directory.find(Clues(numbers=numbers_in([mention.text]))):
            directory.learn(found.customer, Kind.SOCIAL_HANDLE, handle(mention))


def handle(mention: Mention) -> str:
    """A handle is one person's only within its network."""
    return f"{mention.handle.casefold()}@{mention.platform}"


def _traits(event: WebEvent) -> Clues:
    traits = {name: value for name, value in event.traits.items() if isinstance(value, str)}
    name = " ".join(part for part in (traits.get("firstName"), traits.get("lastName")) if part)
    number = traits.get("customer_number")
    return Clues(
        numbers=(number,) if number else (), email=mailbox(traits.get("email")), name=name or traits.get("name")
    )


def _interactions(exports: Exports, directory: Directory, result: Attribution) -> None:
    for mail in exports.of(Mail):
        outside = inbound(mail, directory)
        clues = Clues(
            numbers=numbers_in([mail.subject, mail.text]) if outside else (),
            email=mail.from_address if outside else mail.to_address,
            name=mail.from_name if outside else mail.to_name,
        )
        # The mailbox is stronger here: a text may name the numbers of others.
        first = directory.find(Clues(email=clues.email, name=clues.name))
        result.note("mail", mail.key, first or directory.find(clues))
    for call in exports.of(Call):
        result.note("calls", call.key, directory.find(_call_clues(call)))
    for chat in exports.of(Chat):
        said = numbers_in([spoken(chat, visitor_only=True)])
        clues = Clues(numbers=said, email=chat.email, device=chat.device, name=chat.name)
        result.note("chats", chat.key, directory.find(clues))
    for event in exports.of(WebEvent):
        clues = Clues(user=event.user, device=event.device)
        result.note("events", event.key, directory.find(_traits(event) if event.kind == "identify" else clues))
    for mention in exports.of(Mention):
        clues = Clues(numbers=numbers_in([mention.text]), handle=handle(mention))
        result.note("social", mention.key, directory.find(clues))


def inbound(mail: Mail, directory: Directory) -> bool:
    """Whether a mail came from outside: from a mailbox of a customer, or from none of the company's."""
    if directory.users(Kind.EMAIL, mail.from_address):
        return True
    return not _company(mail.from_address) or _company(mail.to_address)


_DESK = MappingProxyType({"care": True, "service": True, "support": True, "info": True, "help": True})


def _company(address: str | None) -> bool:
    return bool(address) and str(address).partition("@")[0] in _DESK


def _call_clues(call: Call) -> Clues:
    return Clues(
        numbers=(call.customer,) if call.customer else numbers_in([call.notes]),
        phone=call.caller,
        name=caller_name(call.notes),
        born=_born(call),
    )


def _born(call: Call) -> date | None:
    if not (found := _BORN.search(call.notes or "")):
        return None
    day, month, year = (int(part) for part in found.groups())
    # Two digits of a year: no caller is yet to be born.
    century = 0 if year > 99 else 1900 if year + 2000 > call.started_at.year else 2000
    try:
        return date(century + year, month, day)
    except ValueError:
        return None


def _threads(exports: Exports, result: Attribution) -> None:
    """A message belongs to whom the other messages of its thread belong, where that is one customer."""
    owners: dict[str, dict[str, Found]] = defaultdict(dict)
    threads = {mail.key: thread_of(mail) for mail in exports.of(Mail)}
    for key, thread in threads.items():
        if found := result.of("mail", key):
            owners[thread][found.customer] = found
    for key, thread in threads.items():
        if len(owners[thread]) == 1:
            result.note("mail", key, Found(next(iter(owners[thread])), "thread"))


def thread_of(mail: Mail) -> str:
    """The first message of the thread."""
    return mail.references[0] if mail.references else mail.in_reply_to or mail.key


def _cases(exports: Exports, directory: Directory, result: Attribution) -> None:
    named: dict[str, dict[str, Found]] = defaultdict(dict)
    for system, key, text, _ in _texts(exports):
        for case in cases_named(text):
            if found := result.of(system, key):
                named[case][found.customer] = found
    for ticket in exports.of(Ticket):
        reporter = ticket.reporter
        # A number that the desk wrote down is in E.164 or in the notation of the caller's country.
        clues = Clues(numbers=numbers_in([reporter]), email=mailbox(reporter), phone=reporter)
        mentions = named[ticket.key]
        steps = (
            directory.find(clues),
            _as("origin", result.of("calls", ticket.origin) or result.of("chats", ticket.origin)),
            _as("mail_thread", result.of("mail", ticket.mail_thread)),
            _as("mentioned", next(iter(mentions.values()))) if len(mentions) == 1 else None,
            _as("order", result.of("orders", ticket.order)),
        )
        result.note("cases", ticket.key, next((found for found in steps if found), None))


def _as(method: str, found: Found | None) -> Found | None:
    return Found(found.customer, method) if found else None


def _by_what_is_named(exports: Exports, directory: Directory, result: Attribution) -> None:
    """Interactions of nobody yet that name a case or an order of one customer whom the name does not exclude."""
    for system, key, text, name in _texts(exports):
        if result.of(system, key):
            continue
        cases = {found.customer for case in cases_named(text) if (found := result.of("cases", case))}
        orders = {found.customer for order in orders_named(text) if (found := result.of("orders", order))}
        for method, owners in (("case", cases), ("order", orders)):
            if len(owners) == 1 and directory.may_be(owner := next(iter(owners)), Clues(name=name)):
                result.note(system, key, Found(owner, method))
                break
    origins = {ticket.origin: ticket.key for ticket in exports.of(Ticket) if ticket.origin}
    for origin, case in origins.items():
        for system, prefix in (("calls", "CL-"), ("chats", "chat_")):
            if origin.startswith(prefix):
                result.note(system, origin, _as("case", result.of("cases", case)))


def _texts(exports: Exports) -> list[tuple[str, str, str, str | None]]:
    """System, key, text and name of everything that was written or said."""
    mails = [("mail", one.key, f"{one.subject or ''}\n{one.text or ''}", one.from_name) for one in exports.of(Mail)]
    calls = [("calls", one.key, one.notes or "", caller_name(one.notes)) for one in exports.of(Call)]
    chats = [("chats", one.key, spoken(one), one.name) for one in exports.of(Chat)]
    return mails + calls + chats
