// For what a customer's data may be used now, and on which basis; in an order that does not depend on how it is stored.
MATCH (:Customer {id: $customer})-[:STANDS]->(standing:Standing {lawful: true})
WHERE standing.until IS NULL OR standing.until > $now
WITH standing ORDER BY standing.purpose, standing.basis
RETURN {purpose: standing.purpose, basis: standing.basis} AS row
