"""Questions to begin with, on the GraphiQL page and in the demo's guide. The first works for a service rep."""

from collections.abc import Mapping
from typing import Any, Final

FIRST_QUESTION: Final = "{ customers(first: 3) { nodes { id name email } } }"

EXAMPLES: Final[tuple[Mapping[str, Any], ...]] = (
    {
        "title": "Customers, and what is withheld",
        "query": """# Each role gets another answer to this: choose one above.
query Customers {
  customers(first: 5, where: { lastInteractionAt: { isNull: false } }, orderBy: [{ lastInteractionAt: DESC }]) {
    nodes {
      id
      name
      region
      email
      phone
      birthDate
      lifetimeValue
      _withheld { field reason }
    }
    pageInfo { hasNextPage endCursor }
  }
}
""",
    },
    {
        "title": "One customer, the whole story",
        "query": """# Two good customers, with what happened on every channel.
query Story {
  customers(first: 2, where: { orderCount: { gte: 5 } }, orderBy: [{ name: ASC }]) {
    nodes {
      name
      status
      preferredChannel
      channels(first: 5) { nodes { kind preferred address } }
      standings(first: 10) { nodes { purpose lawful } }
      orders(first: 3, orderBy: [{ placedAt: DESC }]) {
        nodes { number placedAt status products(first: 3) { nodes { name } } shipments(first: 2) { nodes { status } } }
      }
      cases(first: 3) { nodes { number status subjectRedacted } }
      interactions(first: 8, orderBy: [{ occurredAt: DESC }]) {
        nodes { occurredAt kind direction outcome sentiment textRedacted }
      }
    }
  }
}
""",
    },
    {
        "title": "Who is calling?",
        "query": """# Finds by a handle without showing it; put a number from another answer into the variables.
query Caller($who: IdentityInput!) {
  callers(identity: $who, first: 5) {
    nodes { id name region preferredChannel cases(first: 3) { nodes { number status } } }
  }
}
""",
        "variables": {"who": {"kind": "EMAIL", "value": "mhecker@example.com"}},
    },
    {
        "title": "Who agreed to be written to (marketer)",
        "query": """# As a marketer: only who agreed to the purpose is there at all.
query Agreed {
  customers(first: 10, orderBy: [{ orderCount: DESC }]) {
    totalCount
    nodes { name region segment preferredChannel orderCount email _withheld { field reason } }
  }
}
""",
    },
    {
        "title": "Cases handed from team to team (operations manager)",
        "query": """# As an operations manager: what went wrong and where, not whose it was.
query HandedOver {
  cases(first: 10, where: { handovers: { gte: 2 } }, orderBy: [{ handovers: DESC }, { openedAt: DESC }]) {
    nodes { number status openedAt handovers queueHistory satisfaction subjectRedacted customer { name region } }
  }
}
""",
    },
    {
        "title": "Everything about me (customer)",
        "query": """# As the customer herself: what is held, and what she agreed to.
query AboutMe {
  viewer { id purpose }
  customers {
    nodes {
      name
      email
      phone
      birthDate
      lifetimeValue
      currency
      address { line1 postalCode city }
      consents(first: 10) { nodes { purpose state capturedAt } }
      orders(first: 5, orderBy: [{ placedAt: DESC }]) { nodes { number total placedAt } }
    }
  }
}
""",
    },
)
