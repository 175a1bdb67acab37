// root: customer
// $p0: variable customer, ID
// $p1: 2
MATCH (n:Customer {id: $p0})
WHERE n.status IN ['ACTIVE', 'DECEASED']
  AND (n.region IN $actor_regions OR '*' IN $actor_regions OR EXISTS { (n)<-[:SERVES]-(n_team:Team) WHERE EXISTS { (n_team)<-[:WORKS_IN]-(n_team_employee:Employee) WHERE n_team_employee.number = $actor_id } })
RETURN {
  id: n.id,
  orders: COLLECT {
    MATCH (n)-[:PLACED]->(n_orders:Order)
    WITH n_orders
    ORDER BY n_orders.id
    LIMIT $p1
    RETURN {
      placedAt: toString(n_orders.placedAt)
    } AS row
  }
} AS row

// root: order
// $p0: variable order, ID
MATCH (n:Order {id: $p0})
WHERE EXISTS { (n)<-[:PLACED]-(n_customer:Customer) WHERE n_customer.status IN ['ACTIVE', 'DECEASED'] AND (n_customer.region IN $actor_regions OR '*' IN $actor_regions OR EXISTS { (n_customer)<-[:SERVES]-(n_customer_team:Team) WHERE EXISTS { (n_customer_team)<-[:WORKS_IN]-(n_customer_team_employee:Employee) WHERE n_customer_team_employee.number = $actor_id } }) }
RETURN {
  id: n.id,
  placedAt: toString(n.placedAt),
  _about: [(n)<-[:PLACED]-(n_who:Customer) | n_who.id]
} AS row

// root: interaction
// $p0: variable interaction, ID
MATCH (n:Interaction {id: $p0})
WHERE EXISTS { (n)<-[:HAD]-(n_customer:Customer) WHERE n_customer.status IN ['ACTIVE', 'DECEASED'] AND (n_customer.region IN $actor_regions OR '*' IN $actor_regions OR EXISTS { (n_customer)<-[:SERVES]-(n_customer_team:Team) WHERE EXISTS { (n_customer_team)<-[:WORKS_IN]-(n_customer_team_employee:Employee) WHERE n_customer_team_employee.number = $actor_id } }) }
RETURN {
  id: n.id,
  _about: [(n)<-[:HAD]-(n_who:Customer) | n_who.id]
} AS row

// root: nothing
// answered without a statement
