"""Gates: what a customer has to pass to be written to, as Cypher for whole lists of customers.

The same rules as for one customer (`insight.contacting.facts`). Quiet hours are not among them, for a list is not sent
when it is made. Which rules hold is bound to each statement, never written into it.
"""

from collections.abc import Mapping
from types import MappingProxyType

from graph.expr import Expr, Gate, Sending, Value, both
from schema.model import Scalar

LAWFUL, STATUS, COMPLAINT, ADDRESS, CAP, CAMPAIGN = "CONSENT", "STATUS", "COMPLAINT", "ADDRESS", "CAP", "CAMPAIGN"
WORDS: Mapping[str, tuple[str, tuple[str, ...]]] = MappingProxyType(
    {
        LAWFUL: (
            """ALL(wanted IN {needed} WHERE
    EXISTS {{ ({at})-[:STANDS]->(stands:Standing) WHERE stands.purpose = wanted }} AND
    NOT EXISTS {{ ({at})-[:STANDS]->(stands:Standing) WHERE stands.purpose = wanted
      AND NOT (stands.lawful AND (stands.until IS NULL OR stands.until > {now})) }})""",
            ("needed", "now"),
        ),
        STATUS: ("{at}.status = 'ACTIVE'", ()),
        COMPLAINT: (
            """NOT ({advertises} AND EXISTS {{
    MATCH ({at})<-[:ASKS_ABOUT]-(task:ReviewTask)
    WHERE task.kind = 'COMPLAINT' AND NOT coalesce(task.aboutAnother, false) AND (task.state = 'OPEN' OR
      task.state = 'CONFIRMED' AND (
        EXISTS {{ MATCH (task)-[:FOUND_IN]->(about:Interaction)-[:ABOUT]->(case:Case)<-[:OPENED]-({at})
          WHERE case.closedAt IS NULL AND EXISTS {{ ({at})-[:HAD]->(about) }} }} OR
        task.saidAt >= {complaintsSince} AND NOT EXISTS {{
          MATCH (task)-[:FOUND_IN]->(about:Interaction)-[:ABOUT]->(:Case)<-[:OPENED]-({at})
          WHERE EXISTS {{ ({at})-[:HAD]->(about) }} }}))
  }})""",
            ("advertises", "complaintsSince"),
        ),
        ADDRESS: (
            """EXISTS {{
    MATCH ({at})-[:REACHABLE_ON]->(way:Channel)
    WHERE way.kind = {kind} AND NOT ({returns} AND coalesce(way.address, '') <> '' AND coalesce(head(COLLECT {{
      MATCH ({at})-[:RECEIVED]->(tried:Outreach)
      WHERE tried.channel = {channel} AND tried.address = way.address AND tried.delivered IS NOT NULL
      RETURN NOT tried.delivered ORDER BY tried.sentAt DESC, tried.delivered DESC LIMIT 1
    }}), false))
  }}""",
            ("kind", "returns", "channel"),
        ),
        CAP: (
            """ALL(cap IN {caps} WHERE COUNT {{
    MATCH ({at})-[:RECEIVED]->(sent:Outreach)
    WHERE sent.sentAt >= cap.since AND sent.sentAt <= {now} AND sent.purpose IN cap.purposes
      AND (cap.channels IS NULL OR sent.channel IN cap.channels)
  }} < cap.most) AND NOT EXISTS {{
    MATCH ({at})-[:STANDS]->(stands:Standing)
    WHERE stands.purpose IN {counted} AND stands.mostPerMonth <= COUNT {{
      MATCH ({at})-[:RECEIVED]->(sent:Outreach)
      WHERE sent.sentAt >= {monthSince} AND sent.sentAt <= {now} AND (sent.purpose IN {counted}
        OR sent.purpose = 'marketing' AND sent.channel IN {exported})
    }}
  }}""",
            ("caps", "now", "counted", "monthSince", "exported"),
        ),
        CAMPAIGN: (
            """NOT EXISTS {{
    MATCH ({at})-[:RECEIVED]->(:Outreach)-[:PART_OF_CAMPAIGN]->(campaign:Campaign) WHERE campaign.id = {campaign}
  }}""",
            ("campaign",),
        ),
    }
)
"""Each gate as text, with what stands in it."""
ORDER = (LAWFUL, STATUS, COMPLAINT, ADDRESS, CAP, CAMPAIGN)
"""In which order customers are lost."""


def gate(name: str, asked: Mapping[str, object]) -> Gate:
    """A gate for what is asked: purpose, channel, campaign and the fields by which customers are chosen."""
    return Gate(
        name, tuple((part, Value(Sending(part, tuple(asked.items())), Scalar.STRING)) for part in WORDS[name][1])
    )


def gates(asked: Mapping[str, object]) -> Expr:
    """All of them."""
    return both(*(gate(name, asked) for name in ORDER))
