"""Journeys in a sentence or a few, for whoever helps the customer: counts, where she is, what she had to say again."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from insight.journey import Journeys, Repeat, Stage
from insight.journey_chances import END

_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_TIMES = {1: "once", 2: "twice"}
LIKELY = 0.2
"""A next stage that is less likely is not told in words."""


def in_words(found: Journeys, stages: Sequence[Stage], now: datetime, following: Mapping[str, float]) -> str:
    """What the journeys amount to. `following` are the chances of what may come next, where they are known."""
    if not found.visits:
        return "Nothing is on record."
    titles = {stage.name: stage.title for stage in stages}
    last = found.visits[-1]
    steps, journeys = _counted(len(found.steps), "step"), _counted(found.count, "journey")
    said = [f"{steps.capitalize()} in {journeys} since {found.steps[0].moment.at:%-d %B %Y}"]
    where = titles.get(last.stage or "")
    if where is not None:
        gone = _span(now - found.steps[-1].moment.at)
        left = "dropped off while the customer" if last.dropped else "ended while the customer"
        said.append(
            f"the last one {left} {where}, {gone} ago"
            if last.over
            else f"now the customer {where}, for {_span(now - last.since)}"
        )
    parts = ["; ".join(said) + "."]
    if found.repeats:
        most = max(found.repeats, key=lambda one: (one.times, one.until))
        parts.append(f"One matter had to be explained {_times(most.times)}.")
    if found.hand_overs or found.channel_changes:
        parts.append(
            f"{_counted(found.channel_changes, 'change').capitalize()} of channel, "
            f"{_counted(found.hand_overs, 'hand-over')} between teams."
        )
    if following:
        likeliest = max(sorted(following), key=lambda name: following[name])
        chance = following[likeliest]
        if chance >= LIKELY and (likeliest == END or likeliest in titles):
            what = "that nothing more comes" if likeliest == END else f"that the customer {titles[likeliest]}"
            parts.append(f"Next is most likely {what} ({chance:.0%}).")
    return " ".join(parts)


def repeat_in_words(one: Repeat) -> str:
    """What was said again, and how often."""
    return f"Had to be explained {_times(one.times)}, over {_span(one.until - one.since)}."


def _times(number: int) -> str:
    return _TIMES.get(number) or f"{_number(number)} times"


def _number(number: int) -> str:
    return _NUMBERS[number] if number < len(_NUMBERS) else f"{number:,}"


def _counted(number: int, what: str) -> str:
    return f"{_number(number)} {what}{'' if number == 1 else 's'}"


def _span(length: timedelta) -> str:
    if length.days:
        return _counted(length.days, "day")
    hours = length.seconds // 3600
    return _counted(hours, "hour") if hours else "less than an hour"
