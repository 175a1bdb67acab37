// root: customers
// $p0: 2
MATCH (n:Customer)
WHERE n.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED']
  AND n.id = $actor_id
WITH n
ORDER BY n.id
LIMIT $p0
RETURN {
  id: n.id
} AS row
