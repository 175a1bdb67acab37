// root: customers
// $p0: variable ids, [ID]
// $p1: 51
MATCH (n:Customer)
WHERE n.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED']
  AND n.id IN $p0
WITH n
ORDER BY n.id
LIMIT $p1
RETURN {
  id: n.id,
  preferredChannel: n.preferredChannel
} AS row
