"""Whose order, case or interaction it is: told only where exactly one customer fits, else left open.

Clues of the record itself come first, then what it names: its invoice or parcel, its thread, its case, its order. Where
the clue is a number that may ring in a house, an order that the record names stands above it.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
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
_SIGNED = re.compile(r"[^\W\d_][\w'.-]*(?:,? [^\W\d_][\w'.-]*){0,2}$")
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
    _contacts(exports.of(ContactRecord), directory, profiles, result)
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


def signature(text: str | None) -> str | None:
    """The name with which a mail seems to end: its last line, where that is one to three words."""
    last = next((line.strip() for line in reversed((text or "").splitlines()) if line.strip()), "")
    return last if _SIGNED.match(last) else None


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


def _contacts(
    contacts: Sequence[ContactRecord], directory: Directory, profiles: Mapping[Key, str], result: Attribution
) -> None:
    """By the record on the list; else by the device, or by the one customer whom a list reached at that address."""
    reached: dict[tuple[str, str], set[str]] = defaultdict(set)
    for one in contacts:
        if customer := profiles.get((one.list_system or "", one.list_record or "")):
            result.note("contacts", one.key, Found(customer, "list_record"))
            if one.address:
                reached[one.channel, one.address].add(customer)
    for one in contacts:
        if result.of("contacts", one.key) or not one.address:
            continue
        users = reached[one.channel, one.address]
        same = Found(next(iter(users)), "listed_address") if len(users) == 1 else None
        result.note("contacts", one.key, directory.find(Clues(device=one.address)) or same)


def _users_and_devices(exports: Exports, directory: Directory, result: Attribution) -> None:
    """Users from what they identified as; devices from the users, orders and chats seen on them."""
    events = exports.of(WebEvent)
    identified = [event for event in events if event.kind == "identify" and event.user]
    for event in identified:
        if found := directory.find(_traits(event)):
            directory.learn(found.customer, Kind.USER_ID, str(event.user))
    _by_orders_placed(events, directory, result)
    for event in events:
        owners = directory.users(Kind.USER_ID, event.user)
        for device in {event.device, event.previous} - {None} if owners else ():
            if len(owners) == 1:
                directory.learn(next(iter(owners)), Kind.DEVICE, str(device))
            else:
                directory.doubt(Kind.DEVICE, str(device))
    for order in exports.of(OrderRecord):
        if order.device and (found := result.of("orders", order.key)):
            directory.learn(found.customer, Kind.DEVICE, order.device)
    for chat in exports.of(Chat):
        clues = Clues(numbers=numbers_in([spoken(chat, visitor_only=True)]), email=chat.email, name=chat.name)
        if chat.device and (found := directory.find(clues)):
            directory.learn(found.customer, Kind.DEVICE, chat.device)
    _users_of_devices(identified, directory)
    for mention in exports.of(Mention):
        if found := directory.find(Clues(numbers=numbers_in([mention.text]))):
            directory.learn(found.customer, Kind.SOCIAL_HANDLE, handle(mention))


def _by_orders_placed(events: Sequence[WebEvent], directory: Directory, result: Attribution) -> None:
    """Whoever placed a customer's order was that customer: an unknown user, or somebody on a device."""
    for event in events:
        if not (found := result.of("orders", ordered(event))):
            continue
        if event.user and _nobody(directory, event.user):
            directory.learn(found.customer, Kind.USER_ID, event.user)
        elif event.device and not event.user:
            directory.learn(found.customer, Kind.DEVICE, event.device)


def _users_of_devices(identified: Sequence[WebEvent], directory: Directory) -> None:
    """Users whom nobody knows by what they said: the device's customer, where the name is hers, or else a stranger."""
    for event in identified:
        if not event.device or not _nobody(directory, event.user):
            continue
        name = _traits(event).name
        named = [one for one in directory.users(Kind.DEVICE, event.device) if name and directory.named(one, name)]
        if len(named) == 1:
            directory.learn(named[0], Kind.USER_ID, str(event.user))
        else:
            directory.doubt(Kind.DEVICE, event.device)


def _nobody(directory: Directory, user: str | None) -> bool:
    return not directory.users(Kind.USER_ID, user)


def ordered(event: WebEvent) -> str | None:
    """The order that an event says was placed (Segment's specification of e-commerce: `Order Completed`)."""
    order = event.properties.get("order_id") if event.name == "Order Completed" else None
    return order if isinstance(order, str) else None


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
        if outside and not clues.name and (name := signature(mail.text)):
            result.note("mail", mail.key, directory.find(Clues(email=clues.email, name=name)))
    for call in exports.of(Call):
        clues = _call_clues(call)
        found = directory.find(clues)
        result.note("calls", call.key, _by_order(found, orders_named(call.notes), clues, directory, result))
    for chat in exports.of(Chat):
        said = numbers_in([spoken(chat, visitor_only=True)])
        clues = Clues(numbers=said, email=chat.email, device=chat.device, name=chat.name)
        result.note("chats", chat.key, directory.find(clues))
    for event in exports.of(WebEvent):
        clues = _traits(event) if event.kind == "identify" else Clues(user=event.user)
        result.note("events", event.key, directory.find(clues))
        result.note("events", event.key, directory.find(Clues(user=event.user, name=clues.name)))
        result.note("events", event.key, _as("order", result.of("orders", ordered(event))))
        if event.kind != "identify" and _nobody(directory, event.user):
            result.note("events", event.key, directory.find(Clues(device=event.device)))
    for mention in exports.of(Mention):
        clues = Clues(numbers=numbers_in([mention.text]), handle=handle(mention))
        result.note("social", mention.key, directory.find(clues))


def _by_order(
    found: Found | None, orders: Collection[str], clues: Clues, directory: Directory, result: Attribution
) -> Found | None:
    """What was found; or, where others may use that number as well, whose the orders are that the record names."""
    if found is None or not found.loose:
        return found
    owners = {one.customer for order in orders if (one := result.of("orders", order))} - {found.customer}
    if len(owners) != 1 or not directory.may_be(owner := next(iter(owners)), clues):
        return found
    return Found(owner, "order")


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
    speakers: dict[str, set[str]] = defaultdict(set)
    for system, key, text, name in _texts(exports):
        for case in cases_named(text):
            if found := result.of(system, key):
                named[case][found.customer] = found
            elif name and system != "mail":  # a mail may be the desk's
                speakers[case].add(name)
    calls = {call.key: call for call in exports.of(Call)}
    for ticket in exports.of(Ticket):
        reporter = ticket.reporter
        # Who called said who it is.
        said = _call_clues(calls[ticket.origin]) if ticket.origin in calls else Clues()
        # A number that the desk wrote down is in E.164 or in the notation of the caller's country.
        clues = Clues(
            numbers=numbers_in([reporter]), email=mailbox(reporter), phone=reporter, name=said.name, born=said.born
        )
        mentions = named[ticket.key]
        steps = (
            _by_order(directory.find(clues), [ticket.order] if ticket.order else [], clues, directory, result),
            _as("origin", result.of("calls", ticket.origin) or result.of("chats", ticket.origin)),
            _as("mail_thread", result.of("mail", ticket.mail_thread)),
            _as("mentioned", _mentioned(mentions, speakers[ticket.key], directory)),
            _as("order", result.of("orders", ticket.order)),
        )
        result.note("cases", ticket.key, next((found for found in steps if found), None))


def _mentioned(mentions: Mapping[str, Found], speakers: Collection[str], directory: Directory) -> Found | None:
    """Whose all texts are that name the case, unless somebody else speaks in one that is nobody's."""
    if len(mentions) != 1:
        return None
    customer, found = next(iter(mentions.items()))
    return found if all(directory.may_be(customer, Clues(name=name)) for name in speakers) else None


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
