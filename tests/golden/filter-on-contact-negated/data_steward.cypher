// root: customers
// $p0: variable prefix, String
// $p1: 11
MATCH (n:Customer)
USING INDEX n:Customer(id)
WHERE n.id IS NOT NULL
  AND n.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED']
  AND NOT (n.email STARTS WITH $p0)
WITH n
ORDER BY n.id
LIMIT $p1
RETURN {
  id: n.id
} AS row
