// root: customers
// $p0: key 0 of the cursor in variable after, ID
// $p1: key 0 of the cursor in variable before, ID
// $p2: 51
MATCH (n:Customer)
USING INDEX n:Customer(id)
WHERE n.id IS NOT NULL
  AND n.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED']
  AND n.id > $p0
  AND n.id < $p1
WITH n
ORDER BY n.id
LIMIT $p2
RETURN {
  id: n.id,
  _at: [n.id]
} AS row
