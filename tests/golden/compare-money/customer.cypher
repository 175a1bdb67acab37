// root: customers
// $p0: variable least, Decimal
// $p1: 11
MATCH (n:Customer)
WHERE n.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED']
  AND n.id = $actor_id
  AND n.lifetimeValue >= $p0
WITH n
ORDER BY n.lifetimeValue DESC, n.id
LIMIT $p1
RETURN {
  id: n.id,
  lifetimeValue: n.lifetimeValue,
  currency: n.currency
} AS row
