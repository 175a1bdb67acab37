// root: customers
// $p0: 26
MATCH (n:Customer)
WHERE n.status IN ['ACTIVE']
  AND EXISTS { (n)-[:STANDS]->(n_standing:Standing) WHERE n_standing.purpose = $purpose AND n_standing.lawful AND (n_standing.until IS NULL OR n_standing.until > $now) }
  AND NOT (n.name IS NULL)
WITH n
ORDER BY n.name, n.id
LIMIT $p0
RETURN {
  id: n.id,
  name: n.name
} AS row
