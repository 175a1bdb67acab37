// root: customer
// $p0: variable id, ID
// $p1: 4
MATCH (n:Customer {id: $p0})
WHERE n.status IN ['ACTIVE']
  AND EXISTS { (n)-[:STANDS]->(n_standing:Standing) WHERE n_standing.purpose = $purpose AND n_standing.lawful AND (n_standing.until IS NULL OR n_standing.until > $now) }
RETURN {
  _about: n.id,
  orders: COLLECT {
    MATCH (n)-[:PLACED]->(n_orders:Order)
    WITH n_orders
    ORDER BY n_orders.placedAt DESC, n_orders.id
    LIMIT $p1
    RETURN {
      id: n_orders.id,
      placedAt: toString(n_orders.placedAt),
      status: n_orders.status,
      _at: [toString(n_orders.placedAt), n_orders.id]
    } AS row
  }
} AS row
