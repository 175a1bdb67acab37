// root: customers
// $p0: 11
MATCH (n:Customer)
WHERE n.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED']
  AND n.id = $actor_id
WITH n
ORDER BY n.email DESC, n.id
LIMIT $p0
RETURN {
  id: n.id,
  email: n.email
} AS row
