// root: customers
// $p0: variable prefix, String
// $p1: 11
MATCH (n:Customer)
USING INDEX n:Customer(id)
WHERE n.id IS NOT NULL
  AND n.status IN ['ACTIVE']
  AND EXISTS { (n)-[:STANDS]->(n_standing:Standing) WHERE n_standing.purpose = $purpose AND n_standing.lawful AND (n_standing.until IS NULL OR n_standing.until > $now) }
  AND NOT (CASE WHEN EXISTS { (n)-[:STANDS]->(n_standing:Standing) WHERE n_standing.purpose = 'marketing.email' AND n_standing.lawful AND (n_standing.until IS NULL OR n_standing.until > $now) } THEN n.email ELSE null END STARTS WITH $p0)
WITH n
ORDER BY n.id
LIMIT $p1
RETURN {
  id: n.id
} AS row
