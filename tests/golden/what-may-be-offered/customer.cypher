// root: signals
// $p0: 'CROSS_SELL', Enum
// $p1: 21
MATCH (n:Signal)<-[:SHOWS]-(:Customer {id: $actor_id})
WITH DISTINCT n
WHERE EXISTS { (n)<-[:SHOWS]-(n_customer:Customer) WHERE n_customer.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED'] AND n_customer.id = $actor_id }
  AND n.kind = $p0
WITH n
ORDER BY n.at IS NULL, n.at DESC, n.id
LIMIT $p1
RETURN {
  words: n.words,
  _about: [(n)<-[:SHOWS]-(n_who:Customer) | n_who.id],
  customer: COLLECT {
    MATCH (n)<-[:SHOWS]-(n_customer:Customer)
    WHERE n_customer.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED']
      AND n_customer.id = $actor_id
    WITH n_customer
    ORDER BY n_customer.id
    LIMIT 1
    RETURN {
      id: n_customer.id
    } AS row
  }[0],
  products: COLLECT {
    MATCH (n)-[:OFFERS]->(n_products:Product)
    WITH n_products
    ORDER BY n_products.id
    LIMIT $p1
    RETURN {
      sku: n_products.sku,
      name: n_products.name
    } AS row
  }
} AS row
