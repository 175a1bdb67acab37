"""The GraphQL types of the root that tells a customer's journeys."""

from datetime import datetime
from typing import Any, Optional

import strawberry

from schema.generate_paths import Default

JOURNEY = "journey"
LATEST_STEPS = 50


@strawberry.type
class JourneyStep:
    """Something that happened, in its place. `record` is the handle of what it is of; `node` shows that."""

    record: strawberry.ID = strawberry.field(description="The interaction, order, shipment or case.")
    what: str = strawberry.field(
        description="The kind of interaction; else ORDER_PLACED, SHIPMENT_DELIVERED, CASE_OPENED, _MOVED or _CLOSED."
    )
    at: datetime = strawberry.field(description="When it happened.")
    journey: int = strawberry.field(description="Which journey it is of, counted from 1.")
    stage: str | None = strawberry.field(description="The stage it is in; null where nothing of the journey says one.")
    channel: str | None = strawberry.field(description="The channel it came or went on, as ChannelKind names it.")
    about: strawberry.ID | None = strawberry.field(description="The case or topic it was about.")
    channel_changed: bool = strawberry.field(
        name="channelChanged", description="Whether the step before it in the journey was on another channel."
    )
    handed_over: bool = strawberry.field(
        name="handedOver", description="Whether what it was about went to another team with it."
    )
    repeat: bool = strawberry.field(description="Whether the customer told it somebody who had not heard it before.")


@strawberry.type
class JourneyVisit:
    """A stay in a stage."""

    journey: int = strawberry.field(description="Which journey it is of, counted from 1.")
    stage: str | None = strawberry.field(description="The stage; null where nothing of the journey says one.")
    title: str | None = strawberry.field(description="What the customer does in it, in words.")
    since: datetime = strawberry.field(description="When it began.")
    until: datetime = strawberry.field(description="When the next stage began; of the last one, its last step.")
    hours: float = strawberry.field(description="How long that is.")
    steps: int = strawberry.field(description="How many steps it has.")
    channels: list[str] = strawberry.field(description="The channels of its steps, the first one first.")
    over: bool = strawberry.field(description="Whether it is the last of a journey that has ended.")
    dropped_off: bool = strawberry.field(name="droppedOff", description="Whether the journey was left here for good.")


@strawberry.type
class JourneyRepeat:
    """What a customer had to explain to several, one after the other."""

    about: strawberry.ID = strawberry.field(description="The case or topic.")
    times: int = strawberry.field(description="How often: the first time, and each to somebody who had not heard it.")
    words: str = strawberry.field(description="The same in words.")
    records: list[strawberry.ID] = strawberry.field(description="The contacts, in order; of many the latest.")


@strawberry.type
class JourneyChance:
    """What may come next."""

    stage: str = strawberry.field(description="The stage, or END where nothing more comes of the journey.")
    title: str = strawberry.field(description="What the customer does in it, in words.")
    chance: float = strawberry.field(description="How likely, from 0 to 1, as the company's journeys went on.")


@strawberry.type
class Journey:
    """What happened with one customer in a time, as far as you may see it."""

    words: str = strawberry.field(description="All of it in a few sentences.")
    journeys: int = strawberry.field(
        description="How many journeys there are; one ends where nothing follows for long."
    )
    step_count: int = strawberry.field(name="stepCount", description="How many steps there are in all.")
    truncated: bool = strawberry.field(
        description="Whether there is more than is read at once; then the earliest is left out. Ask for a shorter time."
    )
    steps: list[JourneyStep] = strawberry.field(description="The latest steps before `before`, in order.")
    earlier: str | None = strawberry.field(description="Pass it as `before` for the steps before these; null for none.")
    visits: list[JourneyVisit] = strawberry.field(description="The latest hundred stays in stages, in order.")
    repeats: list[JourneyRepeat] = strawberry.field(description="What was explained again; of many the latest twenty.")
    channel_changes: int = strawberry.field(
        name="channelChanges", description="How often a step was on another channel than the one before it."
    )
    hand_overs: int = strawberry.field(
        name="handOvers", description="How often what the customer came with went to another team."
    )
    next: list[JourneyChance] | None = strawberry.field(
        description="What may come next, the likeliest first; null where you do not see the company's figures, or none "
        "are kept."
    )


TOLD_JOURNEY: Any = Optional[Journey]  # noqa: UP045  as its siblings
ARGUMENTS: dict[str, dict[str, Any]] = {
    JOURNEY: {
        "customer": strawberry.ID,
        "since": datetime | None,
        "until": datetime | None,
        "last": Default(int, LATEST_STEPS),
        "before": str | None,
    }
}
