"""From a resolved company to the plain data that the insights read."""

import re
from collections.abc import Iterable, Sequence

from ingest.attribution import caller_name, cases_named, inbound, orders_named, spoken
from ingest.company import Company
from ingest.directory import numbers_in
from ingest.normalise import mailbox, same_mailbox
from ingest.records import Call, Chat, Mail, Ticket
from ingest.redact import name_words
from insight.contacts import Contact, Medium, ServiceCase

_MEDIA = {"e-mail": Medium.MAIL, "email": Medium.MAIL, "phone": Medium.CALL, "chat": Medium.CHAT}
_TEAM = re.compile(r"^\S+ \S+ (.+)$")


def contacts(company: Company) -> tuple[Contact, ...]:
    """Every mail, call and chat."""
    first = _first(company.exports.of(Mail))
    return (
        *(_mail(company, one, first[one.key]) for one in company.exports.of(Mail)),
        *(_call(company, one) for one in company.exports.of(Call)),
        *(_chat(company, one) for one in company.exports.of(Chat)),
    )


def service_cases(company: Company) -> tuple[ServiceCase, ...]:
    """Every case of the service desk."""
    return tuple(_case(company, one) for one in company.exports.of(Ticket))


def _customer(company: Company, system: str, key: str) -> str | None:
    found = company.attribution.of(system, key)
    return found.customer if found else None


def _names(names: Iterable[str | None]) -> frozenset[str]:
    return frozenset(name_words([name for name in names if name]))


def _handles(company: Company, addresses: Iterable[str | None], numbers: Iterable[str]) -> frozenset[str]:
    found = set(numbers)
    for one in addresses:
        if address := mailbox(one):
            found.add(same_mailbox(address))
        elif one:
            found.update(company.directory.dialled(one) or [one])
    return frozenset(found)


def _first(mails: Sequence[Mail]) -> dict[str, str]:
    """The first message of each mail's thread, as far as its messages are there."""
    above = {one.key: one.in_reply_to for one in mails}
    found = {}
    for one in mails:
        first, before, seen = one.key, one.in_reply_to, {one.key}
        while before is not None and before in above and before not in seen:
            seen.add(before)
            first, before = before, above[before]
        found[one.key] = first
    return found


def _mail(company: Company, mail: Mail, thread: str) -> Contact:
    outside = inbound(mail, company.directory)
    whole = f"{mail.subject or ''}\n{mail.text or ''}"
    numbers = numbers_in([mail.subject, mail.text]) if outside else ()
    return Contact(
        ("mail", mail.key),
        mail.sent_at,
        Medium.MAIL,
        outside,
        _customer(company, "mail", mail.key),
        _handles(company, [mail.from_address if outside else mail.to_address], numbers),
        _names([mail.from_name if outside else mail.to_name]),
        thread=thread,
        cases=cases_named(whole),
        orders=frozenset(orders_named(whole)),
        text=whole,
    )


def _call(company: Company, call: Call) -> Contact:
    numbers = [call.customer] if call.customer else numbers_in([call.notes])
    return Contact(
        ("calls", call.key),
        call.started_at,
        Medium.CALL,
        True,
        _customer(company, "calls", call.key),
        _handles(company, [call.caller], numbers),
        _names([caller_name(call.notes)]),
        call.agent,
        cases=cases_named(call.notes),
        orders=frozenset(orders_named(call.notes)),
        text=_without(call.notes or "", caller_name(call.notes)),
    )


def _chat(company: Company, chat: Chat) -> Contact:
    said = spoken(chat, visitor_only=True)
    return Contact(
        ("chats", chat.key),
        chat.started_at,
        Medium.CHAT,
        True,
        _customer(company, "chats", chat.key),
        _handles(company, [chat.email, chat.device], numbers_in([said])),
        _names([chat.name]),
        chat.agent,
        cases=cases_named(spoken(chat)),
        orders=frozenset(orders_named(spoken(chat))),
        text=said,
    )


def _case(company: Company, ticket: Ticket) -> ServiceCase:
    customer = _customer(company, "cases", ticket.key)
    teams = tuple(found[1] if (found := _TEAM.match(step.strip())) else step for step in ticket.history)
    numbered = numbers_in([ticket.reporter])
    return ServiceCase(
        ticket.key,
        ticket.opened_at,
        ticket.closed_at,
        ticket.first_response_at,
        _MEDIA.get((ticket.channel or "").casefold()),
        teams,
        ticket.team,
        customer,
        _handles(company, () if numbered else [ticket.reporter], numbered),
        company.name_words.get(customer or "", frozenset()),
        ticket.agent,
        frozenset([*([ticket.order] if ticket.order else []), *orders_named(ticket.subject)]),
        ticket.origin,
        ticket.mail_thread,
        ticket.subject or "",
        ticket.resolution,
    )


def _without(notes: str, name: str | None) -> str:
    return notes.replace(name, " ", 1) if name else notes
