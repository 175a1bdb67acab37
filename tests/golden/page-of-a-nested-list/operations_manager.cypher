// root: customer
// $p0: variable id, ID
// $p1: key 0 of the cursor in variable after, DateTime
// $p2: key 1 of the cursor in variable after, ID
// $p3: 6
MATCH (n:Customer {id: $p0})
WHERE n.status IN ['ACTIVE', 'DECEASED']
  AND EXISTS { (n)-[:STANDS]->(n_standing:Standing) WHERE n_standing.purpose = $purpose AND n_standing.lawful AND (n_standing.until IS NULL OR n_standing.until > $now) }
RETURN {
  _about: n.id,
  orders: COLLECT {
    MATCH (n)-[:PLACED]->(n_orders:Order)
    WHERE (n_orders.placedAt > datetime($p1) OR (n_orders.placedAt = datetime($p1) AND n_orders.id > $p2))
    WITH n_orders
    ORDER BY n_orders.placedAt, n_orders.id
    LIMIT $p3
    RETURN {
      id: n_orders.id,
      placedAt: toString(n_orders.placedAt),
      _at: [toString(n_orders.placedAt), n_orders.id]
    } AS row
  }
} AS row
