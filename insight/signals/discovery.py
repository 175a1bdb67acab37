"""By which channel a customer found the company: her first touch, and how sure that is.

First touch attribution: the earliest known touch counts. Where it only shows where she was (a page, a mailbox), the
next one within a month that names a way does: what the shop recorded with an order, a link's own words, a campaign; of
one day the one that tells most.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, StrEnum
from urllib.parse import parse_qs, urlsplit

WITHIN = timedelta(days=30)
"""What names a way within so long of the first touch is part of it."""


class Trace(Enum):
    """What shows a touch, the one that tells most first."""

    RECORDED = "recorded"  # the shop wrote down with an order how she came
    LINK = "link"  # the words of a link: utm_source, referrer
    CAMPAIGN = "campaign"  # a campaign's message was answered, or an order followed it
    CONTACT = "contact"  # she was in touch
    ORDER = "order"  # she ordered


_NAMES_A_WAY = frozenset({Trace.RECORDED, Trace.LINK, Trace.CAMPAIGN})


class Certainty(StrEnum):
    """How sure a discovery is."""

    RECORDED = "recorded"
    INFERRED = "inferred"
    GUESSED = "guessed"


@dataclass(frozen=True, slots=True)
class Touch:
    """One touch of a customer with the company; `campaign` is the key of the campaign that it belongs to."""

    at: datetime
    trace: Trace
    channel: str
    campaign: str | None = None


@dataclass(frozen=True, slots=True)
class Discovery:
    """How a customer found the company, as far as it is known."""

    touch: Touch
    first: datetime
    certainty: Certainty

    @property
    def words(self) -> str:
        """Why."""
        how = {
            Trace.RECORDED: f"the shop recorded '{self.touch.channel}' with an order",
            Trace.LINK: f"a link said '{self.touch.channel}'",
            Trace.CAMPAIGN: f"a campaign by {self.touch.channel} was answered",
            Trace.CONTACT: f"she was in touch by {self.touch.channel}",
            Trace.ORDER: f"she ordered by {self.touch.channel}",
        }[self.touch.trace]
        day = self.touch.at.date()
        if day == self.first.date():
            return f"First known on {day}: {how}."
        return f"First known on {self.first.date()}; {how} on {day}."


def discovery(touches: Iterable[Touch], now: datetime) -> Discovery | None:
    """The discovery of one customer as of `now`, whatever the order of her touches; None where there is none.

    RECORDED where the shop wrote it down, INFERRED where a link or a campaign shows it, GUESSED where only the place of
    the first touch is known.
    """
    order = {trace: place for place, trace in enumerate(Trace)}
    known = sorted(
        (one for one in touches if one.at <= now),
        key=lambda one: (one.at, order[one.trace], one.channel, one.campaign or ""),
    )
    if not known:
        return None
    first = known[0].at
    naming = [one for one in known if one.trace in _NAMES_A_WAY and one.at <= first + WITHIN]
    best = min(naming, key=lambda one: (one.at.date(), order[one.trace], one.at), default=known[0])
    certainty = (
        Certainty.RECORDED
        if best.trace is Trace.RECORDED
        else Certainty.INFERRED
        if best.trace in _NAMES_A_WAY
        else Certainty.GUESSED
    )
    return Discovery(best, first, certainty)


def of_link(page: str | None) -> str | None:
    """What a page's address says of where she came from: utm_source, else the host of the referrer.

    Other words of an address may be codes of persons who brought her, and are left alone.
    """
    if not page or "?" not in page:
        return None
    asked = parse_qs(urlsplit(page).query)
    said = next(iter(asked.get("utm_source", ())), None)
    if said is None and asked.get("referrer"):
        said = urlsplit(asked["referrer"][0]).hostname
    cleaned = "".join(one for one in (said or "").casefold() if one.isalnum() or one in "._-")
    return cleaned[:40] or None
