// root: customers
// $p0: variable least, Decimal
// $p1: 11
MATCH (n:Customer)
WHERE n.status IN ['ACTIVE', 'DECEASED']
  AND EXISTS { (n)-[:STANDS]->(n_standing:Standing) WHERE n_standing.purpose = $purpose AND n_standing.lawful AND (n_standing.until IS NULL OR n_standing.until > $now) }
  AND n.lifetimeValue >= $p0
WITH n
ORDER BY n.lifetimeValue DESC, n.id
LIMIT $p1
RETURN {
  id: n.id,
  lifetimeValue: n.lifetimeValue,
  currency: n.currency
} AS row
