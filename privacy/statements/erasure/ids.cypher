// The ids of some nodes, as roles see them.
UNWIND $nodes AS one
MATCH (n) WHERE elementId(n) = one
RETURN n.id
