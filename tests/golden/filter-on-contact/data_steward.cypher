// root: customers
// $p0: variable prefix, String
// $p1: 11
MATCH (n:Customer)
WHERE n.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED']
  AND n.email STARTS WITH $p0
WITH n
ORDER BY n.id
LIMIT $p1
RETURN {
  id: n.id,
  email: n.email
} AS row
