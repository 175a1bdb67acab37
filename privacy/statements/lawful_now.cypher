// For what a customer's data may be used now, and on which basis.
MATCH (:Customer {id: $customer})-[:STANDS]->(standing:Standing {lawful: true})
WHERE standing.until IS NULL OR standing.until > $now
RETURN {purpose: standing.purpose, basis: standing.basis} AS row
