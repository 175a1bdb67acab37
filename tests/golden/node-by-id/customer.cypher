// root: customer
// $p0: variable customer, ID
// $p1: 2
MATCH (n:Customer {id: $p0})
WHERE n.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED']
  AND n.id = $actor_id
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
WHERE EXISTS { (n)<-[:PLACED]-(n_customer:Customer) WHERE n_customer.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED'] AND n_customer.id = $actor_id }
RETURN {
  id: n.id,
  placedAt: toString(n.placedAt),
  _about: [(n)<-[:PLACED]-(n_who:Customer) | n_who.id]
} AS row

// root: interaction
// $p0: variable interaction, ID
MATCH (n:Interaction {id: $p0})
WHERE EXISTS { (n)<-[:HAD]-(n_customer:Customer) WHERE n_customer.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED'] AND n_customer.id = $actor_id }
RETURN {
  id: n.id,
  _about: [(n)<-[:HAD]-(n_who:Customer) | n_who.id]
} AS row

// root: nothing
// answered without a statement
