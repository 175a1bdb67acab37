// root: customers
// $p0: variable ids, [ID]
// $p1: 51
MATCH (n:Customer)
WHERE n.status IN ['ACTIVE', 'DECEASED']
  AND EXISTS { (n)-[:STANDS]->(n_standing:Standing) WHERE n_standing.purpose = $purpose AND n_standing.lawful AND (n_standing.until IS NULL OR n_standing.until > $now) }
  AND n.id IN $p0
WITH n
ORDER BY n.id
LIMIT $p1
RETURN {
  id: n.id,
  preferredChannel: n.preferredChannel
} AS row
