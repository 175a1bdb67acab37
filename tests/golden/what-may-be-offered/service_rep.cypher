// root: signals
// $p0: 'CROSS_SELL', Enum
// $p1: 21
CALL () {
  MATCH (n:Signal)
  WHERE n.at IS NOT NULL
    AND EXISTS { (n)<-[:SHOWS]-(n_customer:Customer) WHERE EXISTS { (n_customer)-[:STANDS]->(n_customer_standing:Standing) WHERE n_customer_standing.purpose = 'operations' AND n_customer_standing.lawful AND (n_customer_standing.until IS NULL OR n_customer_standing.until > $now) } }
    AND (n.kind <> 'CROSS_SELL' OR EXISTS { (n)<-[:SHOWS]-(n_customer:Customer) WHERE EXISTS { (n_customer)-[:STANDS]->(n_customer_standing:Standing) WHERE n_customer_standing.purpose = 'marketing.phone' AND n_customer_standing.lawful AND (n_customer_standing.until IS NULL OR n_customer_standing.until > $now) } })
    AND EXISTS { (n)<-[:SHOWS]-(n_customer:Customer) WHERE n_customer.status IN ['ACTIVE', 'DECEASED'] AND (n_customer.region IN $actor_regions OR '*' IN $actor_regions OR EXISTS { (n_customer)<-[:SERVES]-(n_customer_team:Team) WHERE EXISTS { (n_customer_team)<-[:WORKS_IN]-(n_customer_team_employee:Employee) WHERE n_customer_team_employee.number = $actor_id } }) }
    AND n.kind = $p0
  WITH n
  ORDER BY n.at DESC, n.id
  LIMIT $p1
  RETURN collect(n) AS first
}
CALL (first) {
  UNWIND first AS n
  RETURN n
  UNION ALL
  UNWIND CASE WHEN size(first) < $p1 THEN [true] ELSE [] END AS more
  CALL (more) {
    MATCH (n:Signal)
    WHERE n.at IS NULL
      AND EXISTS { (n)<-[:SHOWS]-(n_customer:Customer) WHERE EXISTS { (n_customer)-[:STANDS]->(n_customer_standing:Standing) WHERE n_customer_standing.purpose = 'operations' AND n_customer_standing.lawful AND (n_customer_standing.until IS NULL OR n_customer_standing.until > $now) } }
      AND (n.kind <> 'CROSS_SELL' OR EXISTS { (n)<-[:SHOWS]-(n_customer:Customer) WHERE EXISTS { (n_customer)-[:STANDS]->(n_customer_standing:Standing) WHERE n_customer_standing.purpose = 'marketing.phone' AND n_customer_standing.lawful AND (n_customer_standing.until IS NULL OR n_customer_standing.until > $now) } })
      AND EXISTS { (n)<-[:SHOWS]-(n_customer:Customer) WHERE n_customer.status IN ['ACTIVE', 'DECEASED'] AND (n_customer.region IN $actor_regions OR '*' IN $actor_regions OR EXISTS { (n_customer)<-[:SERVES]-(n_customer_team:Team) WHERE EXISTS { (n_customer_team)<-[:WORKS_IN]-(n_customer_team_employee:Employee) WHERE n_customer_team_employee.number = $actor_id } }) }
      AND n.kind = $p0
    WITH n
    ORDER BY n.id
    LIMIT $p1
    RETURN n
  }
  RETURN n
}
WITH n
ORDER BY n.at IS NULL, n.at DESC, n.id
LIMIT $p1
RETURN {
  words: n.words,
  _about: [(n)<-[:SHOWS]-(n_who:Customer) | n_who.id],
  customer: COLLECT {
    MATCH (n)<-[:SHOWS]-(n_customer:Customer)
    WHERE n_customer.status IN ['ACTIVE', 'DECEASED']
      AND (n_customer.region IN $actor_regions OR '*' IN $actor_regions OR EXISTS { (n_customer)<-[:SERVES]-(n_customer_team:Team) WHERE EXISTS { (n_customer_team)<-[:WORKS_IN]-(n_customer_team_employee:Employee) WHERE n_customer_team_employee.number = $actor_id } })
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
