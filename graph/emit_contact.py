"""Emit what decides whether a customer may be contacted: the View's row rule, and the facts as the graph has them now.

The facts are read whatever the View shows of them, for a withdrawal that a role is not shown counts all the same; what
of them is told is decided above (`insight.contacting.sight`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from graph.cypher import Binder, braced, conjuncts, indented, where_all, word
from graph.emit import Place, Statement, hoisted, shown
from graph.emit_write import statement_of
from graph.expr import Expr, Value, Variable, both
from graph.gates import ORDER, gate
from graph.plan import legs_for
from graph.selection import Field, Node
from graph.view import View
from schema.model import Scalar

WHO = "who"
"""The variable under which the customer's id is bound."""
PLACE = Place("n", "")


FACTS = """{
  status: n.status,
  region: n.region,
  homes: [(n)-[:LIVES_AT]->(one:Address) | {country: one.country, state: one.state}],
  standings: [(n)-[:STANDS]->(one:Standing) |
    {purpose: one.purpose, lawful: one.lawful, until: one.until.epochMillis, most: one.mostPerMonth}],
  decisions: [(n)-[:GAVE]->(one:Consent) |
    {purpose: one.purpose, state: one.state, record: one.onRecord, at: one.capturedAt.epochMillis}],
  found: [(n)<-[:ASKS_ABOUT]-(one:ReviewTask) | {kind: one.kind, state: one.state, purposes: one.purposes,
    aboutAnother: one.aboutAnother, saidAt: one.saidAt.epochMillis,
    cases: [(one)-[:FOUND_IN]->(about:Interaction)-[:ABOUT]->(case:Case)<-[:OPENED]-(n)
      WHERE EXISTS { (n)-[:HAD]->(about) } | case.closedAt IS NULL]}],
  channels: [(n)-[:REACHABLE_ON]->(one:Channel) | {kind: one.kind, address: one.address}],
  sent: [(n)-[:RECEIVED]->(one:Outreach) | {at: one.sentAt.epochMillis, channel: one.channel, purpose: one.purpose,
    address: one.address, delivered: one.delivered, clicked: one.clicked, replied: one.replied, key: one.sourceKey,
    campaigns: [(one)-[:PART_OF_CAMPAIGN]->(campaign:Campaign) | campaign.id]}]
}"""
"""What decides, of the customer `n`, as it stands in the graph. Times in milliseconds since 1970."""
CAME = "[(n)-[:HAD]->(one:Interaction) WHERE one.direction = 'INBOUND' | one.kind]"
"""How she came of her own accord, each time."""
RATES = "COLLECT { MATCH (kept:AnswerRates) RETURN properties(kept) LIMIT 1 }[0]"
"""How customers usually answer, as `insight.contacting.keeping` left it; null where it was not learned yet."""
FACTS_OF = f"MATCH (n:Customer {{id: $customer}})\nRETURN {FACTS} AS row\n"
"""The same within a change, of a customer who was found to be there for the viewer, and is locked."""


def emit_contact(view: View, fields: Sequence[str] = (), *, advising: bool = False) -> Statement:
    """One row `{id, seen, facts, came, rates}` for the customer if the viewer may see her, none otherwise.

    `seen` has the named fields as the viewer sees them; `came` and `rates` are there where a channel is to be advised.
    """
    binder = Binder()
    asked = tuple((name, Field(name)) for name in fields if name in view.types["Customer"].fields)
    legs, _ = legs_for((Node("Customer", asked),), view, None)
    entries = ["id: n.id", f"seen: {shown(legs, PLACE, binder, None)}", f"facts: {FACTS}"]
    entries += [f"came: {CAME}", f"rates: {RATES}"] if advising else []
    lines = [
        f"MATCH (n:Customer {{id: {binder.name(Value(Variable((WHO,)), Scalar.ID))}}})",
        *where_all(conjuncts(legs[0].rows, "n", binder, ())),
        *hoisted(legs, PLACE, binder),
        f"RETURN {braced(entries)} AS row",
    ]
    return replace(statement_of(lines, binder, "Customer"), name="contact")


def emit_losses(view: View, where: Expr, asked: Mapping[str, object]) -> Statement:
    """One row `{gate, customers}` for each gate at which customers are lost who are there for the viewer and as the
    filter says, and one without a gate for those who pass all.
    """
    binder = Binder()
    legs, _ = legs_for((Node("Customer", ()),), view, None)
    held = both(legs[0].rows, where)
    tests = [f"WHEN NOT ({word(gate(name, asked), 'n', binder)}) THEN '{name}'" for name in ORDER]
    lines = [
        "MATCH (n:Customer)",
        *where_all(conjuncts(held, "n", binder, legs[0].rules)),
        "WITH CASE\n" + indented("\n".join([*tests, "ELSE null"])) + "\nEND AS gate",
        "WITH gate, count(*) AS customers",
        "RETURN {gate: gate, customers: customers} AS row",
    ]
    return replace(statement_of(lines, binder, "Customer"), name="gates")
