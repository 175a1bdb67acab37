"""Interactions of every kind in one form, whichever silo they are from."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from ingest.attribution import handle, inbound, spoken
from ingest.company import Company
from ingest.records import Call, Chat, Mail, Mention, WebEvent
from schema.enums import ChannelKind, Direction, InteractionKind


@dataclass(frozen=True, slots=True)
class Touch:
    """One interaction. `names` are the names that the record itself gives to its people."""

    system: str
    key: str
    kind: InteractionKind
    direction: Direction
    at: datetime
    channel: ChannelKind
    address: str | None = None
    subject: str | None = None
    text: str | None = None
    outcome: str | None = None
    satisfaction: int | None = None
    language: str | None = None
    duration_seconds: int | None = None
    waited_seconds: int | None = None
    queue: str | None = None
    name: str | None = None
    tags: tuple[str, ...] = ()
    agent: str | None = None
    reply_to: str | None = None
    order: str | None = None
    product: str | None = None
    names: tuple[str | None, ...] = ()
    speakers: tuple[str, ...] = ()


CUSTOMER, DESK = "CUSTOMER", "DESK"
"""Who says a line of a chat."""
_NO_TOUCH = frozenset({"alias", "group"})


def touches(company: Company) -> Iterator[Touch]:
    """Every interaction of the exports; what merely joins two devices (alias) or a company (group) is none."""
    yield from (_mail(company, one) for one in company.exports.of(Mail))
    yield from (_call(one) for one in company.exports.of(Call))
    yield from (_chat(one) for one in company.exports.of(Chat))
    yield from (_event(one) for one in company.exports.of(WebEvent) if one.kind not in _NO_TOUCH)
    yield from (_mention(one) for one in company.exports.of(Mention))


def _mail(company: Company, mail: Mail) -> Touch:
    outside = inbound(mail, company.directory)
    return Touch(
        "mail",
        mail.key,
        InteractionKind.EMAIL,
        Direction.INBOUND if outside else Direction.OUTBOUND,
        mail.sent_at,
        ChannelKind.EMAIL,
        mail.from_address if outside else mail.to_address,
        subject=mail.subject,
        text=mail.text,
        queue=mail.to_address if outside else mail.from_address,
        reply_to=mail.in_reply_to,
        names=(mail.from_name, mail.to_name),
    )


def _call(call: Call) -> Touch:
    return Touch(
        "calls",
        call.key,
        InteractionKind.CALL,
        Direction.OUTBOUND if call.outbound else Direction.INBOUND,
        call.started_at,
        ChannelKind.PHONE,
        call.caller,
        text=call.notes,
        outcome=call.outcome,
        duration_seconds=call.talked_seconds,
        waited_seconds=call.waited_seconds,
        queue=call.queue,
        agent=call.agent,
    )


def _chat(chat: Chat) -> Touch:
    return Touch(
        "chats",
        chat.key,
        InteractionKind.CHAT,
        Direction.INBOUND,
        chat.started_at,
        ChannelKind.CHAT,
        text=spoken(chat) or None,
        satisfaction=chat.satisfaction,
        language=_language(chat.language),
        duration_seconds=int((chat.lines[-1].at - chat.started_at).total_seconds()) if chat.lines else None,
        queue=chat.channel,
        tags=chat.tags,
        agent=chat.agent,
        names=(chat.name,),
        speakers=tuple(CUSTOMER if line.by_visitor else DESK for line in chat.lines for _ in line.text.split("\n")),
    )


_EVENT_KINDS = {"page": InteractionKind.PAGE_VIEW, "screen": InteractionKind.SCREEN_VIEW}


def _event(event: WebEvent) -> Touch:
    order, product = event.properties.get("order_id"), event.properties.get("product_id")
    name = "Signed In" if event.kind == "identify" else event.name
    return Touch(
        "events",
        event.key,
        _EVENT_KINDS.get(event.kind, InteractionKind.EVENT),
        Direction.INBOUND,
        event.at,
        ChannelKind.APP if event.app else ChannelKind.WEB,
        name=name,
        language=_language(event.locale),
        order=order if isinstance(order, str) else None,
        product=product if isinstance(product, str) else None,
    )


def _mention(mention: Mention) -> Touch:
    return Touch(
        "social",
        mention.key,
        InteractionKind.SOCIAL_MENTION,
        Direction.INBOUND,
        mention.at,
        ChannelKind.SOCIAL,
        handle(mention),
        text=mention.text,
        language=_language(mention.language),
        queue=mention.platform,
        names=(mention.display_name,),
    )


def _language(tag: str | None) -> str | None:
    """The language of a tag such as en-GB (BCP 47), as ISO 639-1."""
    code = (tag or "").replace("_", "-").partition("-")[0].casefold()
    return code if len(code) == 2 and code.isalpha() else None
