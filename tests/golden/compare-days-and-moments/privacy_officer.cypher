// root: customers
// $p0: variable from, Date
// $p1: variable until, DateTime
// $p2: 11
MATCH (n:Customer)
WHERE n.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED']
  AND n.customerSince >= date($p0)
  AND n.lastInteractionAt <= datetime($p1)
WITH n
ORDER BY n.lastInteractionAt DESC, n.id
LIMIT $p2
RETURN {
  id: n.id,
  customerSince: toString(n.customerSince),
  lastInteractionAt: toString(n.lastInteractionAt)
} AS row
