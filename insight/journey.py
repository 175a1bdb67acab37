"""A customer's journeys: everything that happened, from every channel, in order and in stages.

From moments to steps, visits of stages, changes of channel, hand-overs, repeats and drop-off. A journey ends where
nothing happened for as long as the stage allows. Nothing depends on the order in which moments are given, and a moment
that is given twice counts once.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import groupby, pairwise


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage: whether ending in it for good is dropping off, and after how long a pause a journey in it is over."""

    name: str
    title: str
    drop_off: bool
    gap: timedelta


@dataclass(frozen=True, slots=True)
class Moment:
    """Something that happened at a time. `key` is the handle of the record it is of, `what` says what it was.

    `subject` is what it was about: a case, which is one for all time, or a topic, which is one `within` a journey
    alone. `told` is whom the customer told something of it: a person, a team, a mailbox; None where she told nothing,
    or nobody knows whom. `contact` says that she came herself. `team` is who had the subject from then on.
    """

    at: datetime
    key: str
    what: str
    channel: str | None = None
    stage: str | None = None
    subject: str | None = None
    within: bool = False
    contact: bool = False
    told: str | None = None
    team: str | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """A moment in its place: which journey it is of, counted from 1, and the stage that it is in, if that is known."""

    moment: Moment
    journey: int
    stage: str | None
    channel_changed: bool = False
    handed_over: bool = False
    repeat: bool = False


@dataclass(frozen=True, slots=True)
class Visit:
    """A stay in a stage. `dwell` lasts until the next stage began; of a journey's last one until its last moment.

    `over` says that nothing of the journey follows; `dropped` that it was left for good where that is dropping off.
    """

    journey: int
    stage: str | None
    since: datetime
    until: datetime
    dwell: timedelta
    steps: int
    channels: tuple[str, ...]
    over: bool = False
    dropped: bool = False


@dataclass(frozen=True, slots=True)
class Repeat:
    """What a customer had to explain several times: `times` counts the first and each telling to somebody new."""

    subject: str
    times: int
    since: datetime
    until: datetime
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Journeys:
    """All journeys of one customer, the earliest first."""

    steps: tuple[Step, ...]
    visits: tuple[Visit, ...]
    repeats: tuple[Repeat, ...]

    @property
    def count(self) -> int:
        """How many journeys there are."""
        return self.steps[-1].journey if self.steps else 0

    @property
    def channel_changes(self) -> int:
        """How often the customer went from one channel to another within a journey."""
        return sum(one.channel_changed for one in self.steps)

    @property
    def hand_overs(self) -> int:
        """How often what the customer came with went from one team to another."""
        return sum(one.handed_over for one in self.steps)


def journeys(moments: Iterable[Moment], stages: Sequence[Stage], now: datetime) -> Journeys:
    """The journeys of one customer at a moment. `stages` are those that moments may name."""
    known = {stage.name: stage for stage in stages}
    ordered = sorted({_identity(one): one for one in moments}.values(), key=_identity)
    placed = _placed(ordered, known)
    walked = _walked(placed)
    visits = _visits(walked, known, now)
    return Journeys(tuple(walked), tuple(visits), _repeats(walked))


def _identity(one: Moment) -> tuple[datetime, str, str, str]:
    # Two teams may have a case in one minute: they are two moments.
    return one.at, one.key, one.what, one.team or ""


def _placed(ordered: Sequence[Moment], known: Mapping[str, Stage]) -> list[Step]:
    """Each moment in its journey and stage. What has none is in the stage in which the customer is."""
    longest = max((stage.gap for stage in known.values()), default=timedelta.max)
    steps: list[Step] = []
    journey = 0
    current: str | None = None
    last: datetime | None = None
    for one in ordered:
        gap = known[current].gap if current is not None else longest
        if last is None or one.at - last > gap:
            journey, current = journey + 1, None
        current = one.stage if one.stage is not None and one.stage in known else current
        steps.append(Step(one, journey, current))
        last = one.at
    return _begun(steps)


def _begun(steps: Sequence[Step]) -> list[Step]:
    """The first moments of a journey are in the first stage that it shows."""
    made: list[Step] = []
    for _, group in groupby(steps, key=lambda step: step.journey):
        several = list(group)
        first = next((step.stage for step in several if step.stage is not None), None)
        made += [replace(step, stage=first) if step.stage is None else step for step in several]
    return made


def _walked(steps: Sequence[Step]) -> list[Step]:
    """Each step beside those before it: another channel, another team, told to somebody new."""
    made: list[Step] = []
    channel: tuple[int, str] | None = None
    teams: dict[tuple[str, int], str] = {}
    heard: dict[tuple[str, int], set[str]] = {}
    for step in steps:
        one, about = step.moment, _about(step)
        changed = bool(one.channel and channel and channel[0] == step.journey and channel[1] != one.channel)
        channel = (step.journey, one.channel) if one.channel else channel
        handed = repeat = False
        if about is not None and one.team is not None:
            handed = teams.get(about, one.team) != one.team
            teams[about] = one.team
        if about is not None and one.contact and one.told is not None:
            listeners = heard.setdefault(about, set())
            repeat = bool(listeners) and one.told not in listeners
            listeners.add(one.told)
        made.append(replace(step, channel_changed=changed, handed_over=handed, repeat=repeat))
    return made


def _about(step: Step) -> tuple[str, int] | None:
    one = step.moment
    return None if one.subject is None else (one.subject, step.journey if one.within else 0)


def _visits(steps: Sequence[Step], known: Mapping[str, Stage], now: datetime) -> list[Visit]:
    groups = [list(group) for _, group in groupby(steps, key=lambda step: (step.journey, step.stage))]
    made: list[Visit] = []
    for group, following in pairwise([*groups, None]):
        if group is None:
            continue
        first, last = group[0], group[-1]
        ends = following is None or following[0].journey != first.journey
        until = last.moment.at if ends or following is None else following[0].moment.at
        stage = known.get(first.stage or "")
        over = ends and (following is not None or (stage is not None and now - last.moment.at > stage.gap))
        channels = tuple(dict.fromkeys(step.moment.channel for step in group if step.moment.channel))
        made.append(
            Visit(
                first.journey,
                first.stage,
                first.moment.at,
                until,
                until - first.moment.at,
                len(group),
                channels,
                over,
                over and stage is not None and stage.drop_off,
            )
        )
    return made


def _repeats(steps: Sequence[Step]) -> tuple[Repeat, ...]:
    told: dict[tuple[str, int], list[Step]] = {}
    again: set[tuple[str, int]] = set()
    for step in steps:
        about = _about(step)
        if about is None or not step.moment.contact or step.moment.told is None:
            continue
        if about not in told:
            told[about] = [step]
        elif step.repeat:
            told[about].append(step)
            again.add(about)
    return tuple(
        Repeat(
            about[0],
            len(told[about]),
            told[about][0].moment.at,
            told[about][-1].moment.at,
            tuple(step.moment.key for step in told[about]),
        )
        for about in told
        if about in again
    )
