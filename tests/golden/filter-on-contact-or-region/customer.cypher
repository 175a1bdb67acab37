// root: customers
// $p0: variable mail, String
// $p1: variable region, String
// $p2: 11
MATCH (n:Customer)
WHERE n.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED']
  AND n.id = $actor_id
  AND (n.email = $p0 OR (n.phone IS NULL AND n.region = $p1))
WITH n
ORDER BY n.id
LIMIT $p2
RETURN {
  id: n.id,
  region: n.region
} AS row
