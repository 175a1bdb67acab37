// root: customer
// $p0: variable id, ID
// $p1: 2
MATCH (n:Customer {id: $p0})
WHERE n.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED']
  AND n.id = $actor_id
RETURN {
  _about: n.id,
  orders: COLLECT {
    MATCH (n)-[:PLACED]->(n_orders:Order)
    WITH n_orders
    ORDER BY n_orders.placedAt, n_orders.id
    LIMIT $p1
    RETURN {
      placedAt: toString(n_orders.placedAt)
    } AS row
  },
  orders_2: COLLECT {
    MATCH (n)-[:PLACED]->(n_orders_2:Order)
    WITH n_orders_2
    ORDER BY n_orders_2.placedAt DESC, n_orders_2.id
    LIMIT $p1
    RETURN {
      placedAt: toString(n_orders_2.placedAt)
    } AS row
  },
  _total_orders_3: size(COLLECT {
    MATCH (n)-[:PLACED]->(n_orders_3:Order)
    RETURN 1 AS one LIMIT 10000
  })
} AS row
