// Nodes go, with all their relationships.
UNWIND $nodes AS one
MATCH (n) WHERE elementId(n) = one
DETACH DELETE n
