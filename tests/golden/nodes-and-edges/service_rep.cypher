// root: customer
// $p0: variable id, ID
// $p1: 4
MATCH (n:Customer {id: $p0})
WHERE n.status IN ['ACTIVE', 'DECEASED']
  AND (n.region IN $actor_regions OR '*' IN $actor_regions OR EXISTS { (n)<-[:SERVES]-(n_team:Team) WHERE EXISTS { (n_team)<-[:WORKS_IN]-(n_team_employee:Employee) WHERE n_team_employee.number = $actor_id } })
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
