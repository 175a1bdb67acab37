"""The service desk: agents, teams, cases, calls and chats."""

from ingest.fields import Cells
from ingest.normalise import mailbox
from ingest.records import Agent, Assignment, Call, Chat, Line, Ticket


def agent(cells: Cells) -> Agent:
    """A row of agents.csv."""
    return Agent(
        key=cells.required("agent"),
        name=cells.text("name"),
        email=mailbox(cells.text("mail")),
        team=cells.text("team"),
        regions=cells.parts("regions", "|"),
        languages=cells.parts("languages", "|"),
        since=cells.day("since"),
        until=cells.day("until"),
    )


def assignment(cells: Cells) -> Assignment:
    """A row of assignments.csv; it has no key of its own."""
    team, area = cells.required("team"), (cells.required("country"), cells.required("segment"), cells.required("topic"))
    since = cells.day("valid_from")
    return Assignment(
        key="|".join((team, *area, since.isoformat() if since else "")),
        team=team,
        country=area[0],
        segment=area[1],
        topic=area[2],
        since=since,
        until=cells.day("valid_until"),
    )


def ticket(cells: Cells) -> Ticket:
    """A row of cases.csv."""
    return Ticket(
        key=cells.required("case_id"),
        opened_at=cells.required_moment("opened_at"),
        first_response_at=cells.moment("first_response_at"),
        closed_at=cells.moment("closed_at"),
        status=cells.required("status"),
        channel=cells.text("channel"),
        team=cells.text("team"),
        history=cells.parts("queue_history", ">"),
        agent=cells.text("agent"),
        reporter=cells.text("reporter"),
        order=cells.text("order_no"),
        mail_thread=cells.text("mail_thread"),
        origin=cells.text("origin_id"),
        subject=cells.text("subject"),
        resolution=cells.text("resolution"),
        satisfaction=cells.whole("csat"),
    )


def call(cells: Cells) -> Call:
    """A row of calls.csv."""
    caller = cells.text("caller")
    return Call(
        key=cells.required("call_id"),
        started_at=cells.required_moment("started_at"),
        outbound=cells.text("direction") == "out",
        caller=None if caller == "anonymous" else caller,
        queue=cells.text("queue"),
        agent=cells.text("agent"),
        waited_seconds=cells.whole("wait_s"),
        talked_seconds=cells.whole("talk_s"),
        customer=cells.text("customer_no"),
        outcome=cells.text("outcome"),
        notes=cells.text("notes"),
    )


def chat(cells: Cells) -> Chat:
    """A line of chats.jsonl."""
    visitor = cells.within("visitor")
    return Chat(
        key=cells.required("id"),
        started_at=cells.required_moment("started_at"),
        channel=cells.text("channel") or "web",
        device=visitor.text("anonymousId"),
        name=visitor.text("name"),
        email=mailbox(visitor.text("email")),
        language=cells.text("language"),
        agent=cells.text("agent"),
        lines=tuple(
            Line(said.required_moment("at"), said.text("from") == "visitor", said.text("text") or "")
            for said in cells.objects("messages")
        ),
        tags=cells.words("tags"),
        satisfaction=cells.whole("csat"),
    )
