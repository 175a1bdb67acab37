// root: customers
// $p0: 26
MATCH (n:Customer)
WHERE n.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED']
  AND n.id = $actor_id
  AND NOT (n.name IS NULL)
WITH n
ORDER BY n.name, n.id
LIMIT $p0
RETURN {
  id: n.id,
  name: n.name
} AS row
