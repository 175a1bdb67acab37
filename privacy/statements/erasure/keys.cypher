// The keys by which loads know some nodes.
UNWIND $nodes AS one
MATCH (n) WHERE elementId(n) = one AND n.sourceKey IS NOT NULL
RETURN n.sourceKey
