// root: customers
// $p0: key 0 of the cursor in variable after, ID
// $p1: key 0 of the cursor in variable before, ID
// $p2: 51
MATCH (n:Customer)
USING INDEX n:Customer(id)
WHERE n.id IS NOT NULL
  AND n.status IN ['ACTIVE', 'DECEASED']
  AND EXISTS { (n)-[:STANDS]->(n_standing:Standing) WHERE n_standing.purpose = $purpose AND n_standing.lawful AND (n_standing.until IS NULL OR n_standing.until > $now) }
  AND n.id > $p0
  AND n.id < $p1
WITH n
ORDER BY n.id
LIMIT $p2
RETURN {
  id: n.id,
  _at: [n.id]
} AS row
