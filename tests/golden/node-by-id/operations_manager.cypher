// root: customer
// $p0: variable customer, ID
// $p1: 2
MATCH (n:Customer {id: $p0})
WHERE n.status IN ['ACTIVE', 'DECEASED']
  AND EXISTS { (n)-[:STANDS]->(n_standing:Standing) WHERE n_standing.purpose = $purpose AND n_standing.lawful AND (n_standing.until IS NULL OR n_standing.until > $now) }
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
WHERE (EXISTS { (n)<-[:PLACED]-(n_customer:Customer) WHERE n_customer.status IN ['ACTIVE', 'DECEASED'] AND EXISTS { (n_customer)-[:STANDS]->(n_customer_standing:Standing) WHERE n_customer_standing.purpose = $purpose AND n_customer_standing.lawful AND (n_customer_standing.until IS NULL OR n_customer_standing.until > $now) } } OR NOT (EXISTS { (n)<-[:PLACED]-(:Customer) }))
RETURN {
  id: n.id,
  placedAt: toString(n.placedAt),
  _about: [(n)<-[:PLACED]-(n_who:Customer) | n_who.id]
} AS row

// root: interaction
// $p0: variable interaction, ID
MATCH (n:Interaction {id: $p0})
WHERE (EXISTS { (n)<-[:HAD]-(n_customer:Customer) WHERE n_customer.status IN ['ACTIVE', 'DECEASED'] AND EXISTS { (n_customer)-[:STANDS]->(n_customer_standing:Standing) WHERE n_customer_standing.purpose = $purpose AND n_customer_standing.lawful AND (n_customer_standing.until IS NULL OR n_customer_standing.until > $now) } } OR NOT (EXISTS { (n)<-[:HAD]-(:Customer) }))
RETURN {
  id: n.id,
  _about: [(n)<-[:HAD]-(n_who:Customer) | n_who.id]
} AS row

// root: nothing
// answered without a statement
