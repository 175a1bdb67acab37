// root: standings
// $p0: 'marketing', String
// $p1: False, Boolean
RETURN {
  total: size(COLLECT {
    MATCH (n:Standing)
    WHERE n.purpose = $purpose
      AND EXISTS { (n)<-[:STANDS]-(n_customer:Customer) WHERE n_customer.status IN ['ACTIVE'] AND EXISTS { (n_customer)-[:STANDS]->(n_customer_standing:Standing) WHERE n_customer_standing.purpose = $purpose AND n_customer_standing.lawful AND (n_customer_standing.until IS NULL OR n_customer_standing.until > $now) } }
      AND n.purpose STARTS WITH $p0
      AND n.lawful = $p1
    RETURN 1 AS one LIMIT 10000
  })
} AS row
