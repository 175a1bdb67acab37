"""The service organisation: teams, employees, topics, cases, and who serves whom today."""

from datetime import date

from ingest.company import Company
from ingest.draft import Draft, End
from ingest.records import Agent, Assignment, Chat, Ticket
from ingest.redact import name_words

_ALL = "*"


def organisation(company: Company, draft: Draft) -> None:
    """Enter teams, employees and topics."""
    agents, assignments = company.exports.of(Agent), company.exports.of(Assignment)
    tickets = company.exports.of(Ticket)
    named = {one.team for one in agents} | {one.team for one in assignments} | {one.team for one in tickets}
    for name in sorted(team for team in named if team):
        draft.node("Team", name, {"name": name})
    for agent in agents:
        node = draft.node(
            "Employee",
            f"agents:{agent.key}",
            {
                "number": agent.key,
                "name": agent.name,
                "email": agent.email,
                "regions": agent.regions,
                "languages": agent.languages,
                "since": agent.since,
                "until": agent.until,
            },
        )
        if agent.team:
            draft.link("WORKS_IN", node, End("Team", agent.team))
    tags = {tag for chat in company.exports.of(Chat) for tag in chat.tags}
    for topic in sorted(tags | {one.topic for one in assignments if one.topic != _ALL}):
        draft.node("Topic", topic, {"name": topic})


def serves(assignments: tuple[Assignment, ...], country: str | None, segment: str, today: date) -> tuple[str, ...]:
    """The teams that look after every concern of customers of a country and segment today."""
    return tuple(
        dict.fromkeys(
            one.team
            for one in assignments
            if one.topic == _ALL
            and one.country in {_ALL, country}
            and one.segment in {_ALL, segment}
            and (one.since is None or one.since <= today)
            and (one.until is None or one.until >= today)
        )
    )


def cases(company: Company, draft: Draft) -> None:
    """Enter cases."""
    agents = {agent.key: frozenset(name_words([agent.name])) for agent in company.exports.of(Agent)}
    for ticket in company.exports.of(Ticket):
        found = company.attribution.of("cases", ticket.key)
        known = agents.get(ticket.agent or "", frozenset())
        if found:
            known |= company.name_words.get(found.customer, frozenset())
        node = draft.node(
            "Case",
            f"cases:{ticket.key}",
            {
                "number": ticket.key,
                "openedAt": ticket.opened_at,
                "firstResponseAt": ticket.first_response_at,
                "closedAt": ticket.closed_at,
                "status": ticket.status,
                "channel": ticket.channel,
                "subject": ticket.subject,
                "subjectRedacted": company.redactor(ticket.subject, known),
                "resolution": ticket.resolution,
                "satisfaction": ticket.satisfaction,
                "handovers": max(len(ticket.history) - 1, 0),
                "queueHistory": ticket.history,
                "reporter": ticket.reporter,
            },
        )
        if found:
            draft.link("OPENED", End("Customer", found.customer), node)
        if draft.has("Order", f"orders:{ticket.order}"):
            draft.link("CONCERNS", node, End("Order", f"orders:{ticket.order}"))
        if ticket.team:
            draft.link("LIES_WITH", node, End("Team", ticket.team))
        if draft.has("Employee", f"agents:{ticket.agent}"):
            draft.link("WORKED_BY", node, End("Employee", f"agents:{ticket.agent}"))


def origins(company: Company, draft: Draft) -> None:
    """Enter that the call, chat or mail with which a case began is about it."""
    for ticket in company.exports.of(Ticket):
        began = [f"calls:{ticket.origin}", f"chats:{ticket.origin}"] if ticket.origin else []
        for key in [*began, f"mail:{ticket.mail_thread}"]:
            if draft.has("Interaction", key):
                draft.link("ABOUT", End("Interaction", key), End("Case", f"cases:{ticket.key}"))
