// root: customers
// $p0: variable kinds, [Enum]
// $p1: 'ERASED', Enum
// $p2: 11
MATCH (n:Customer)
USING INDEX n:Customer(id)
WHERE n.id IS NOT NULL
  AND n.status IN ['ACTIVE', 'DECEASED']
  AND EXISTS { (n)-[:STANDS]->(n_standing:Standing) WHERE n_standing.purpose = $purpose AND n_standing.lawful AND (n_standing.until IS NULL OR n_standing.until > $now) }
  AND n.kind IN $p0
  AND n.status <> $p1
WITH n
ORDER BY n.id
LIMIT $p2
RETURN {
  id: n.id,
  kind: n.kind,
  status: n.status
} AS row
