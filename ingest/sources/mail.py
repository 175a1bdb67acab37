"""One mail: headers in any charset, the text without what it quotes and without its twin in HTML."""

import html
import re
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from typing import cast

from ingest.fields import Unreadable, repaired
from ingest.normalise import mailbox
from ingest.records import Mail

# The line above a quotation: "On Monday Ann wrote:" in the languages the company serves.
_INTRODUCES = re.compile(r"^\s*(On|Am|Le|El|W dniu)\b.{0,120}\b(wrote|schrieb|écrit|escribió|napisał\w*)\b.*:\s*$")
_BREAK = re.compile(r"<\s*(br|/p|/div|/li|/tr)\b[^>]*>", re.IGNORECASE)
_UNSEEN = re.compile(r"<(style|script|head)\b.*?</\1>", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(r"<[^>]+>")


def mail(raw: bytes) -> Mail:
    """A message as it was sent. Raises Unreadable."""
    message = message_from_bytes(raw, policy=policy.default)
    sender, receiver = _address(message, "From"), _address(message, "To")
    return Mail(
        key=_header(message, "Message-ID") or _missing("Message-ID"),
        sent_at=_sent_at(message),
        from_address=sender[0],
        from_name=sender[1],
        to_address=receiver[0],
        to_name=receiver[1],
        in_reply_to=_header(message, "In-Reply-To"),
        references=tuple(re.findall(r"<[^<>\s]+>", _header(message, "References") or "")),
        subject=_header(message, "Subject"),
        text=written_anew(_body(message)) or None,
    )


def written_anew(text: str) -> str:
    """The text without quoted lines, the line that introduces them, and blank lines at the ends."""
    lines = [line.rstrip() for line in text.replace("\r\n", "\n").split("\n")]
    kept = [line for line in lines if not line.lstrip().startswith(">") and not _INTRODUCES.match(line)]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip()


def _missing(header: str) -> str:
    raise Unreadable(header, "missing")


def _header(message: EmailMessage, name: str) -> str | None:
    try:
        value = message.get(name)
    except Exception:  # the parser of headers raises what its grammar meets: IndexError, ValueError, its own
        raise Unreadable(name, "not a header") from None
    return repaired(" ".join(str(value).split())) or None if value is not None else None


def _address(message: EmailMessage, name: str) -> tuple[str | None, str | None]:
    try:
        header = message.get(name)
        found: tuple[Address, ...] = header.addresses if header is not None else ()
        first = found[0] if found else None
        return (mailbox(repaired(first.addr_spec)), repaired(first.display_name) or None) if first else (None, None)
    except Exception:  # as above
        raise Unreadable(name, "not a header") from None


def _sent_at(message: EmailMessage) -> datetime:
    try:
        sent = parsedate_to_datetime(_header(message, "Date") or _missing("Date"))
    except Unreadable:
        raise
    except ValueError:
        raise Unreadable("Date", "not a time") from None
    return sent.astimezone(UTC) if sent.tzinfo else sent.replace(tzinfo=UTC)


def _body(message: EmailMessage) -> str:
    part = message.get_body(("plain", "html"))
    if part is None:
        return ""
    try:
        text = str(part.get_content())
    except LookupError:  # a charset that no one knows
        text = cast("bytes", part.get_payload(decode=True)).decode("latin-1")
    except Exception:
        raise Unreadable("body", "not a message") from None
    return repaired(_plain(text) if part.get_content_subtype() == "html" else text)


def _plain(markup: str) -> str:
    return html.unescape(_TAG.sub("", _BREAK.sub("\n", _UNSEEN.sub("", markup))))
