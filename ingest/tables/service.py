"""The service desk: employees, who serves whom, and cases."""

from ingest.normalise import mailbox
from ingest.records import Agent, Assignment, Ticket
from ingest.tables.column import System, Table, Type, may, must
from ingest.tables.values import Values


def _employee(values: Values, system: System) -> Agent:
    del system
    return Agent(
        key=values.required("id"),
        name=values.text("name"),
        email=mailbox(values.text("email")),
        team=values.text("team"),
        regions=values.texts("regions"),
        languages=values.texts("languages"),
        since=values.day("since"),
        until=values.day("until"),
    )


EMPLOYEES = Table(
    "employees",
    "Who works for the company with its customers.",
    (
        must("id", Type.TEXT, "Number under which calls, chats and cases name the employee, and that signs in."),
        may("name", Type.TEXT, "Name."),
        may("email", Type.EMAIL, "Mailbox."),
        may("team", Type.TEXT, "Team."),
        may("regions", Type.TEXTS, "Countries served, as ISO 3166-1 codes."),
        may("languages", Type.TEXTS, "Languages spoken, as ISO 639-1 codes."),
        may("since", Type.DATE, "First day."),
        may("until", Type.DATE, "Last day."),
    ),
    _employee,
)


def _assignment(values: Values, system: System) -> Assignment:
    del system
    team = values.required("team")
    area = (values.required("country"), values.required("segment"), values.required("topic"))
    since = values.day("since")
    return Assignment(
        key=values.text("id") or "|".join((team, *area, since.isoformat() if since else "")),
        team=team,
        country=area[0],
        segment=area[1],
        topic=area[2],
        since=since,
        until=values.day("until"),
    )


ASSIGNMENTS = Table(
    "assignments",
    "Which team serves which country, segment and topic; * is all.",
    (
        may("id", Type.TEXT, "The row's key; without it, it is made of the columns below."),
        must("team", Type.TEXT, "Team."),
        must("country", Type.TEXT, "ISO 3166-1 code, or *."),
        must("segment", Type.TEXT, "consumer, business, or *."),
        must("topic", Type.TEXT, "Topic, or *."),
        may("since", Type.DATE, "First day."),
        may("until", Type.DATE, "Last day."),
    ),
    _assignment,
)


def _case(values: Values, system: System) -> Ticket:
    del system
    return Ticket(
        key=values.required("id"),
        opened_at=values.required_moment("opened_at"),
        first_response_at=values.moment("first_response_at"),
        closed_at=values.moment("closed_at"),
        status=values.required("status"),
        channel=values.text("channel"),
        team=values.text("team"),
        history=values.texts("history"),
        agent=values.text("agent"),
        reporter=values.text("reporter"),
        order=values.text("order_id"),
        mail_thread=values.text("mail_thread"),
        origin=values.text("origin"),
        subject=values.text("subject"),
        resolution=values.text("resolution"),
        satisfaction=values.whole("satisfaction"),
    )


CASES = Table(
    "cases",
    "Tickets of the service desk.",
    (
        must("id", Type.TEXT, "Number of the case."),
        must("opened_at", Type.TIME, "When it was opened."),
        may("first_response_at", Type.TIME, "When it was first answered."),
        may("closed_at", Type.TIME, "When it was closed."),
        must("status", Type.TEXT, "open, closed ..."),
        may("channel", Type.TEXT, "How it came in."),
        may("team", Type.TEXT, "With which team it lies."),
        may("history", Type.TEXTS, "Teams it went through, in order."),
        may("agent", Type.TEXT, "Id of the employee who works on it."),
        may("reporter", Type.TEXT, "Mailbox, phone or customer number of who reported it."),
        may("order_id", Type.TEXT, "Order number."),
        may("mail_thread", Type.TEXT, "Message-ID of the mail it began with."),
        may("origin", Type.TEXT, "Id of the call or chat it began with."),
        may("subject", Type.TEXT, "Subject."),
        may("resolution", Type.TEXT, "How it ended."),
        may("satisfaction", Type.WHOLE, "What the customer answered when asked."),
    ),
    _case,
)
