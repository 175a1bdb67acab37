// Golden values of which nothing says where they come from.
MATCH (customer:Customer)
WHERE customer.sourceKey IS NOT NULL AND customer.status <> 'ERASED'
WITH customer, COLLECT { MATCH (customer)-[:PROVEN_BY]->(proof {chosen: true}) RETURN proof.attribute } AS proven
UNWIND $attributes AS attribute
WITH customer, attribute, proven
WHERE customer[attribute] IS NOT NULL AND NOT attribute IN proven
RETURN count(*)
