// root: products
// $p0: variable sku, String
// $p1: 2
// $p2: 11
MATCH (n:Product)
WHERE n.sku = $p0
WITH n
ORDER BY n.id
LIMIT $p1
RETURN {
  sku: n.sku,
  name: n.name,
  orders: COLLECT {
    MATCH (n)<-[:OF]-(n_orders:Order)
    WHERE EXISTS { (n_orders)<-[:PLACED]-(n_orders_customer:Customer) WHERE n_orders_customer.status IN ['ACTIVE', 'DECEASED'] AND EXISTS { (n_orders_customer)-[:STANDS]->(n_orders_customer_standing:Standing) WHERE n_orders_customer_standing.purpose = $purpose AND n_orders_customer_standing.lawful AND (n_orders_customer_standing.until IS NULL OR n_orders_customer_standing.until > $now) } }
    WITH n_orders
    ORDER BY n_orders.placedAt DESC, n_orders.id
    LIMIT $p2
    RETURN {
      placedAt: toString(n_orders.placedAt),
      status: n_orders.status,
      _about: [(n_orders)<-[:PLACED]-(n_orders_who:Customer) | n_orders_who.id],
      customer: COLLECT {
        MATCH (n_orders)<-[:PLACED]-(n_orders_customer:Customer)
        WHERE n_orders_customer.status IN ['ACTIVE', 'DECEASED']
          AND EXISTS { (n_orders_customer)-[:STANDS]->(n_orders_customer_standing:Standing) WHERE n_orders_customer_standing.purpose = $purpose AND n_orders_customer_standing.lawful AND (n_orders_customer_standing.until IS NULL OR n_orders_customer_standing.until > $now) }
        WITH n_orders_customer
        ORDER BY n_orders_customer.id
        LIMIT 1
        RETURN {
          id: n_orders_customer.id,
          region: n_orders_customer.region
        } AS row
      }[0]
    } AS row
  },
  _total_orders: size(COLLECT {
    MATCH (n)<-[:OF]-(n_orders:Order)
    WHERE EXISTS { (n_orders)<-[:PLACED]-(n_orders_customer:Customer) WHERE n_orders_customer.status IN ['ACTIVE', 'DECEASED'] AND EXISTS { (n_orders_customer)-[:STANDS]->(n_orders_customer_standing:Standing) WHERE n_orders_customer_standing.purpose = $purpose AND n_orders_customer_standing.lawful AND (n_orders_customer_standing.until IS NULL OR n_orders_customer_standing.until > $now) } }
    RETURN 1 AS one LIMIT 10000
  })
} AS row
