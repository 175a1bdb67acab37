// root: customers
// $p0: 2
MATCH (n:Customer)
USING INDEX n:Customer(id)
WHERE n.id IS NOT NULL
  AND n.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED']
WITH n
ORDER BY n.id
LIMIT $p0
RETURN {
  id: n.id
} AS row
