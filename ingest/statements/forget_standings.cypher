// Standings are written whatever the loader thinks it wrote last: decisions through the API changed them since.
MATCH (customer:Customer)-[:STANDS]->(standing:Standing) WHERE customer.id IN $customers
SET standing.sourceDigest = null
