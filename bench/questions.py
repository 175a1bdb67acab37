"""What is asked, once in GraphQL and once in Cypher written by hand; both answers hold the same data."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Question:
    """One question in two languages; `clients` is how many ask at once when many do."""

    name: str
    graphql: str
    cypher: str
    of_one: bool = True
    clients: int = 32
    longer: int = 1

    def variables(self, customer: str) -> Mapping[str, Any]:
        """The variables of both texts, for a question about one customer or about a page of them."""
        return {"id": customer} if self.of_one else {}


PROFILE = Question(
    "one profile",
    "query ($id: ID!) { customer(id: $id) { id name email phone region segment } }",
    "MATCH (c:Customer {id: $id}) RETURN c {.id, .name, .email, .phone, .region, .segment} AS row",
)
WHOLE_VIEW = Question(
    "360 view",
    """query ($id: ID!) {
  customer(id: $id) {
    id name email phone region segment language customerSince orderCount lastInteractionAt
    identities { nodes { id kind value } }
    channels { nodes { id kind address preferred } }
    consents { nodes { id purpose state capturedAt } }
    interactions(first: 20, orderBy: [{ occurredAt: DESC }]) { nodes { id kind direction occurredAt subject outcome } }
  }
}""",
    """MATCH (c:Customer {id: $id}) RETURN c {
  .id, .name, .email, .phone, .region, .segment, .language, .orderCount,
  customerSince: toString(c.customerSince), lastInteractionAt: toString(c.lastInteractionAt),
  identities: COLLECT { MATCH (c)-[:HAS_IDENTITY]->(i:Identity)
    RETURN i {.id, .kind, .value} ORDER BY i.id LIMIT 20 },
  channels: COLLECT { MATCH (c)-[:REACHABLE_ON]->(h:Channel)
    RETURN h {.id, .kind, .address, .preferred} ORDER BY h.id LIMIT 20 },
  consents: COLLECT { MATCH (c)-[:GAVE]->(g:Consent)
    RETURN g {.id, .purpose, .state, capturedAt: toString(g.capturedAt)} ORDER BY g.id LIMIT 20 },
  interactions: COLLECT { MATCH (c)-[:HAD]->(x:Interaction) WITH x ORDER BY x.occurredAt DESC, x.id LIMIT 20
    RETURN x {.id, .kind, .direction, .subject, .outcome, occurredAt: toString(x.occurredAt)} }
} AS row""",
)
PAGE = Question(
    "list of 50 with 5",
    """{
  customers(first: 50) {
    nodes {
      id name region
      interactions(first: 5, orderBy: [{ occurredAt: DESC }]) { nodes { id kind occurredAt } }
    }
  }
}""",
    """MATCH (c:Customer) WHERE c.id > '' WITH c ORDER BY c.id LIMIT 50
RETURN c {.id, .name, .region,
  interactions: COLLECT { MATCH (c)-[:HAD]->(x:Interaction) WITH x ORDER BY x.occurredAt DESC, x.id LIMIT 5
    RETURN x {.id, .kind, occurredAt: toString(x.occurredAt)} }
} AS row""",
    of_one=False,
)
TWO_HOPS = Question(
    "two hops",
    """query ($id: ID!) {
  customer(id: $id) { id name identities { nodes { id kind customers { nodes { id name region } } } } }
}""",
    """MATCH (c:Customer {id: $id}) RETURN c {.id, .name,
  identities: COLLECT { MATCH (c)-[:HAS_IDENTITY]->(i:Identity) WITH i ORDER BY i.id LIMIT 20
    RETURN i {.id, .kind, customers: COLLECT { MATCH (i)<-[:HAS_IDENTITY]-(o:Customer)
      RETURN o {.id, .name, .region} ORDER BY o.id LIMIT 20 }} }
} AS row""",
)
BULK = Question(
    "1,000 with 20",
    """{
  customers(first: 1000) {
    nodes {
      id name email
      interactions(first: 20, orderBy: [{ occurredAt: DESC }]) { nodes { id kind occurredAt } }
    }
  }
}""",
    """MATCH (c:Customer) WHERE c.id > '' WITH c ORDER BY c.id LIMIT 1000
RETURN c {.id, .name, .email,
  interactions: COLLECT { MATCH (c)-[:HAD]->(x:Interaction) WITH x ORDER BY x.occurredAt DESC, x.id LIMIT 20
    RETURN x {.id, .kind, occurredAt: toString(x.occurredAt)} }
} AS row""",
    of_one=False,
    clients=4,
    longer=2,
)
QUESTIONS: Mapping[str, Question] = {one.name: one for one in (PROFILE, WHOLE_VIEW, PAGE, TWO_HOPS, BULK)}


def plain(answer: Any) -> Any:
    """An answer without what only GraphQL has around it, for comparing: connections become lists."""
    match answer:
        case {"nodes": nodes} if len(answer) == 1:
            return plain(nodes)
        case dict():
            return {name: plain(value) for name, value in answer.items()}
        case list():
            return [plain(one) for one in answer]
        case _:
            return answer
