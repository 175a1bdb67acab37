"""What was said, written and clicked: a table for each kind, and one for exports that hold several kinds."""

from datetime import datetime

from ingest.fields import Unreadable
from ingest.normalise import mailbox
from ingest.records import Call, Chat, Line, Mail, Mention, Record, WebEvent
from ingest.tables.column import Column, System, Table, Type, may, must
from ingest.tables.values import Values

_EVENT_KINDS = frozenset({"identify", "page", "screen", "track", "alias", "group"})


def _call(values: Values, system: System) -> Call:
    del system
    return Call(
        key=values.required("id"),
        started_at=values.required_moment("started_at"),
        outbound=values.flag("outbound"),
        caller=values.text("caller"),
        queue=values.text("queue"),
        agent=values.text("agent"),
        waited_seconds=values.whole("waited_seconds"),
        talked_seconds=values.whole("talked_seconds"),
        customer=values.text("customer"),
        outcome=values.text("outcome"),
        notes=values.text("notes"),
    )


CALLS = Table(
    "calls",
    "Phone calls.",
    (
        must("id", Type.TEXT, "The call's key."),
        must("started_at", Type.TIME, "When it began."),
        may("outbound", Type.FLAG, "Whether the company called."),
        may("caller", Type.PHONE, "The customer's number as shown; empty where it was withheld."),
        may("queue", Type.TEXT, "Queue."),
        may("agent", Type.TEXT, "Id of the employee."),
        may("waited_seconds", Type.WHOLE, "Seconds waited."),
        may("talked_seconds", Type.WHOLE, "Seconds talked."),
        may("customer", Type.TEXT, "Customer number, where it was asked for."),
        may("outcome", Type.TEXT, "How it ended."),
        may("notes", Type.TEXT, "What the employee noted."),
    ),
    _call,
)


def _chat(values: Values, system: System) -> Chat:
    del system
    return Chat(
        key=values.required("id"),
        started_at=values.required_moment("started_at"),
        channel=values.text("channel") or "web",
        device=values.text("device"),
        name=values.text("name"),
        email=mailbox(values.text("email")),
        language=values.text("language"),
        agent=values.text("agent"),
        lines=tuple(
            Line(said.required_moment("at"), said.flag("by_visitor"), said.text("text") or "")
            for said in values.objects("lines")
        ),
        tags=values.texts("tags"),
        satisfaction=values.whole("satisfaction"),
    )


CHATS = Table(
    "chats",
    "Chats with their transcripts.",
    (
        must("id", Type.TEXT, "The chat's key."),
        must("started_at", Type.TIME, "When it began."),
        may("channel", Type.TEXT, "web, app, whatsapp ...; empty is web."),
        may("device", Type.TEXT, "Id of the device or browser."),
        may("name", Type.TEXT, "Name as given."),
        may("email", Type.EMAIL, "Mailbox as given."),
        may("language", Type.TEXT, "Language tag (BCP 47)."),
        may("agent", Type.TEXT, "Id of the employee."),
        may("lines", Type.OBJECTS, "What was said: at, by_visitor, text."),
        may("tags", Type.TEXTS, "Topics."),
        may("satisfaction", Type.WHOLE, "What the customer answered when asked."),
    ),
    _chat,
)


def _message(values: Values, system: System) -> Mail:
    del system
    return Mail(
        key=values.required("id"),
        sent_at=values.required_moment("sent_at"),
        from_address=mailbox(values.text("from_address")),
        from_name=values.text("from_name"),
        to_address=mailbox(values.text("to_address")),
        to_name=values.text("to_name"),
        in_reply_to=values.text("in_reply_to"),
        references=values.texts("thread"),
        subject=values.text("subject"),
        text=values.text("text"),
    )


MESSAGES = Table(
    "messages",
    "Mails, where they come as rows; mailboxes and single mails are read without SQL by [[messages]].",
    (
        must("id", Type.TEXT, "Message-ID."),
        must("sent_at", Type.TIME, "When it was sent."),
        may("from_address", Type.EMAIL, "Sender."),
        may("from_name", Type.TEXT, "Name of the sender."),
        may("to_address", Type.EMAIL, "Receiver."),
        may("to_name", Type.TEXT, "Name of the receiver."),
        may("in_reply_to", Type.TEXT, "Message-ID of the mail it answers."),
        may("thread", Type.TEXTS, "Message-IDs of its thread, the first one first."),
        may("subject", Type.TEXT, "Subject."),
        may("text", Type.TEXT, "What was written anew, without what it quotes."),
    ),
    _message,
)


def _event(values: Values, system: System) -> WebEvent:
    del system
    if (kind := values.required("kind")) not in _EVENT_KINDS:
        raise Unreadable("kind", "unknown kind")
    return WebEvent(
        key=values.required("id"),
        kind=kind,
        at=values.required_moment("happened_at"),
        device=values.text("device"),
        user=values.text("user_id"),
        previous=values.text("previous_id"),
        name=values.text("name"),
        app=values.flag("app"),
        locale=values.text("locale"),
        traits=values.mapping("traits"),
        properties=values.mapping("properties"),
    )


EVENTS = Table(
    "events",
    "What was clicked and seen in web shop and app, as Segment's specification names it.",
    (
        must("id", Type.TEXT, "The event's key."),
        must("kind", Type.TEXT, "identify, page, screen, track, alias or group."),
        must("happened_at", Type.TIME, "When it happened."),
        may("device", Type.TEXT, "Id of the device or browser."),
        may("user_id", Type.TEXT, "Id of who is signed in."),
        may("previous_id", Type.TEXT, "Of an alias: the id used before."),
        may("name", Type.TEXT, "Name of the page, screen or event."),
        may("app", Type.FLAG, "Whether it happened in an app."),
        may("locale", Type.TEXT, "Language tag (BCP 47)."),
        may("traits", Type.OBJECT, "Of identify: email, firstName, lastName, customer_number ..."),
        may("properties", Type.OBJECT, "order_id, product_id ..."),
    ),
    _event,
)


def _mention(values: Values, system: System) -> Mention:
    del system
    return Mention(
        key=values.required("id"),
        platform=values.required("platform"),
        at=values.required_moment("posted_at"),
        handle=values.required("handle"),
        display_name=values.text("display_name"),
        text=values.text("text") or "",
        language=values.text("language"),
    )


MENTIONS = Table(
    "mentions",
    "Posts on social networks that name the company.",
    (
        must("id", Type.TEXT, "The post's key."),
        must("platform", Type.TEXT, "Network."),
        must("posted_at", Type.TIME, "When it was posted."),
        must("handle", Type.TEXT, "Handle of the author."),
        may("display_name", Type.TEXT, "Name of the author."),
        may("text", Type.TEXT, "What was written."),
        may("language", Type.TEXT, "Language tag (BCP 47)."),
    ),
    _mention,
)


def _interaction(values: Values, system: System) -> Record:
    """A row of an export that holds several kinds; each becomes what a row of the table of its kind becomes."""
    del system
    key, at, kind = values.required("id"), values.required_moment("happened_at"), values.required("kind").casefold()
    if kind == "call":
        return _of_call(values, key, at)
    if kind == "chat":
        return _of_chat(values, key, at)
    if kind == "email":
        return _of_mail(values, key, at)
    if kind == "mention":
        return _of_mention(values, key, at)
    raise Unreadable("kind", "unknown kind")


def _of_call(values: Values, key: str, at: datetime) -> Call:
    return Call(
        key,
        at,
        values.flag("outbound"),
        values.text("address"),
        values.text("queue"),
        values.text("agent"),
        None,
        values.whole("seconds"),
        values.text("customer"),
        values.text("outcome"),
        values.text("text"),
    )


def _of_chat(values: Values, key: str, at: datetime) -> Chat:
    said = Line(at, True, values.text("text") or "")
    return Chat(
        key,
        at,
        values.text("queue") or "web",
        None,
        values.text("name"),
        mailbox(values.text("address")),
        values.text("language"),
        values.text("agent"),
        (said,) if said.text else (),
        values.texts("tags"),
        values.whole("satisfaction"),
    )


def _of_mail(values: Values, key: str, at: datetime) -> Mail:
    address, name = mailbox(values.text("address")), values.text("name")
    desk, outbound = mailbox(values.text("queue")), values.flag("outbound")
    sender, receiver = ((desk, None), (address, name)) if outbound else ((address, name), (desk, None))
    subject, text, reply = values.text("subject"), values.text("text"), values.text("in_reply_to")
    return Mail(key, at, *sender, *receiver, reply, (), subject, text)


def _of_mention(values: Values, key: str, at: datetime) -> Mention:
    return Mention(
        key,
        values.required("queue"),
        at,
        values.required("address"),
        values.text("name"),
        values.text("text") or "",
        values.text("language"),
    )


_COLUMNS: tuple[Column, ...] = (
    must("id", Type.TEXT, "The interaction's key."),
    must("kind", Type.TEXT, "call, chat, email or mention."),
    must("happened_at", Type.TIME, "When it happened."),
    may("outbound", Type.FLAG, "Whether it came from the company."),
    may("address", Type.TEXT, "The customer's phone number, mailbox or handle."),
    may("name", Type.TEXT, "The customer's name as given."),
    may("customer", Type.TEXT, "Customer number, of a call."),
    may("queue", Type.TEXT, "Queue, channel of a chat, mailbox of the desk, or network of a mention."),
    may("agent", Type.TEXT, "Id of the employee."),
    may("subject", Type.TEXT, "Subject, of a mail."),
    may("text", Type.TEXT, "What was said, written or noted."),
    may("in_reply_to", Type.TEXT, "Id of the mail that it answers."),
    may("outcome", Type.TEXT, "How a call ended."),
    may("seconds", Type.WHOLE, "Seconds talked."),
    may("language", Type.TEXT, "Language tag (BCP 47)."),
    may("tags", Type.TEXTS, "Topics, of a chat."),
    may("satisfaction", Type.WHOLE, "What the customer answered when asked, of a chat."),
)
INTERACTIONS = Table(
    "interactions",
    "Calls, chats, mails and mentions in one table, for exports that hold several kinds; the tables below say more.",
    _COLUMNS,
    _interaction,
)
