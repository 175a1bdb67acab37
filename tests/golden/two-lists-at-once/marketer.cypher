// root: customers
// $p0: 6
MATCH (n:Customer)
USING INDEX n:Customer(id)
WHERE n.id IS NOT NULL
  AND n.status IN ['ACTIVE']
  AND EXISTS { (n)-[:STANDS]->(n_standing:Standing) WHERE n_standing.purpose = $purpose AND n_standing.lawful AND (n_standing.until IS NULL OR n_standing.until > $now) }
WITH n
ORDER BY n.id
LIMIT $p0
RETURN {
  id: n.id
} AS row

// root: standings
// $p0: True, Boolean
// $p1: 6
MATCH (n:Standing)
WHERE n.purpose = $purpose
  AND EXISTS { (n)<-[:STANDS]-(n_customer:Customer) WHERE n_customer.status IN ['ACTIVE'] AND EXISTS { (n_customer)-[:STANDS]->(n_customer_standing:Standing) WHERE n_customer_standing.purpose = $purpose AND n_customer_standing.lawful AND (n_customer_standing.until IS NULL OR n_customer_standing.until > $now) } }
  AND n.lawful = $p0
WITH n
ORDER BY n.id
LIMIT $p1
RETURN {
  purpose: n.purpose,
  _about: [(n)<-[:STANDS]-(n_who:Customer) | n_who.id],
  customer: COLLECT {
    MATCH (n)<-[:STANDS]-(n_customer:Customer)
    WHERE n_customer.status IN ['ACTIVE']
      AND EXISTS { (n_customer)-[:STANDS]->(n_customer_standing:Standing) WHERE n_customer_standing.purpose = $purpose AND n_customer_standing.lawful AND (n_customer_standing.until IS NULL OR n_customer_standing.until > $now) }
    WITH n_customer
    ORDER BY n_customer.id
    LIMIT 1
    RETURN {
      id: n_customer.id
    } AS row
  }[0]
} AS row

// root: viewer
// answered without a statement
