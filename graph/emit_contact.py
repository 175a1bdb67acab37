"""Emit what decides whether a customer may be contacted: the View's row rule, and the facts as the graph has them now.

The facts are read whatever the View shows of them, for a withdrawal that a role is not shown counts all the same; what
of them is told is decided above (`insight.contacting.sight`).
"""

from collections.abc import Sequence
from dataclasses import replace

from graph.cypher import Binder, braced, conjuncts, where_all
from graph.emit import Place, Statement, hoisted, shown
from graph.emit_write import statement_of
from graph.expr import Value, Variable
from graph.plan import legs_for
from graph.selection import Field, Node
from graph.view import View
from schema.model import Scalar

WHO = "who"
"""The variable under which the customer's id is bound."""
PLACE = Place("n", "")


def arrives(kind: str, channel: str, at: str = "n") -> str:
    """Whether a customer has a way of a kind where what was sent last on a channel, if that is known, has arrived."""
    return f"""EXISTS {{
  MATCH ({at})-[:REACHABLE_ON]->(way:Channel)
  WHERE way.kind = {kind} AND NOT EXISTS {{
    MATCH ({at})-[:RECEIVED]->(tried:Outreach)
    WHERE tried.channel = {channel} AND tried.address = way.address AND tried.delivered IS NOT NULL
    WITH tried ORDER BY tried.sentAt DESC, tried.id LIMIT 1
    WHERE NOT tried.delivered
    RETURN tried
  }}
  RETURN way
}}"""


def complains(since: str, at: str = "n") -> str:
    """Whether a complaint is open: nobody has read it yet; or it was confirmed, and its case is not closed, or it has
    no case and was made after `since`.
    """
    case = "(task)-[:FOUND_IN]->(:Interaction)-[:ABOUT]->"
    return f"""EXISTS {{
  MATCH ({at})<-[:ASKS_ABOUT]-(task:ReviewTask)
  WHERE task.kind = 'COMPLAINT' AND NOT coalesce(task.aboutAnother, false) AND (task.state = 'OPEN' OR
    task.state = 'CONFIRMED' AND CASE WHEN EXISTS {{ {case}(:Case) }}
      THEN EXISTS {{ {case}(held:Case) WHERE held.closedAt IS NULL }}
      ELSE task.saidAt >= {since} END)
  RETURN task
}}"""


FACTS = f"""{{
  status: n.status,
  region: n.region,
  state: COLLECT {{
    MATCH (n)-[:LIVES_AT]->(home:Address) WHERE home.country = n.region
    RETURN home.state ORDER BY home.id LIMIT 1
  }}[0],
  standings: COLLECT {{
    MATCH (n)-[:STANDS]->(stands:Standing)
    RETURN {{purpose: stands.purpose, lawful: stands.lawful, until: stands.until.epochMillis,
      most: stands.mostPerMonth}}
  }},
  decisions: COLLECT {{
    MATCH (n)-[:GAVE]->(said:Consent) WHERE NOT coalesce(said.onRecord, '') STARTS WITH 'review:'
    RETURN {{purpose: said.purpose, state: said.state, record: said.onRecord, at: said.capturedAt.epochMillis}}
  }},
  findings: COLLECT {{
    MATCH (n)<-[:ASKS_ABOUT]-(found:ReviewTask)
    WHERE found.state = 'OPEN' AND NOT coalesce(found.aboutAnother, false)
    UNWIND found.purposes AS purpose RETURN DISTINCT purpose
  }},
  complains: {complains("$complaintsSince")},
  kinds: COLLECT {{ MATCH (n)-[:REACHABLE_ON]->(one:Channel) RETURN DISTINCT one.kind }},
  arrives: COLLECT {{
    UNWIND $ways AS asked
    WITH asked WHERE {arrives("asked.kind", "asked.channel")}
    RETURN asked.channel
  }},
  sent: COLLECT {{
    MATCH (n)-[:RECEIVED]->(one:Outreach)
    RETURN {{at: one.sentAt.epochMillis, channel: one.channel, purpose: one.purpose,
      campaign: COLLECT {{ MATCH (one)-[:PART_OF_CAMPAIGN]->(of:Campaign) RETURN of.id }}[0],
      answered: coalesce(one.clicked, false) OR coalesce(one.replied, false),
      logged: coalesce(one.sourceKey, '') STARTS WITH 'api:'}}
  }},
  came: COLLECT {{
    MATCH (n)-[:HAD]->(one:Interaction) WHERE one.direction = 'INBOUND'
    RETURN {{kind: one.kind, times: count(*)}}
  }}
}}"""
"""What decides, of the customer `n`. Times in milliseconds since 1970. `$ways` are channels with the kind by which they
arrive, `$complaintsSince` is a moment.
"""
FACTS_OF = f"MATCH (n:Customer {{id: $customer}})\nRETURN {FACTS} AS row\n"
"""The same within a change, of a customer who was found to be there for the viewer, and is locked."""


def emit_contact(view: View, fields: Sequence[str]) -> Statement:
    """One row `{id, seen, facts}` for the customer if the viewer may see her, none otherwise.

    `seen` has the named fields as the viewer sees them.
    """
    binder = Binder()
    asked = tuple((name, Field(name)) for name in fields if name in view.types["Customer"].fields)
    legs, _ = legs_for((Node("Customer", asked),), view, None)
    entries = ["id: n.id", f"seen: {shown(legs, PLACE, binder, None)}", f"facts: {FACTS}"]
    lines = [
        f"MATCH (n:Customer {{id: {binder.name(Value(Variable((WHO,)), Scalar.ID))}}})",
        *where_all(conjuncts(legs[0].rows, "n", binder, ())),
        *hoisted(legs, PLACE, binder),
        f"RETURN {braced(entries)} AS row",
    ]
    return replace(statement_of(lines, binder, "Customer"), name="contact")
