// root: customers
// $p0: variable region, String
RETURN {
  total: size(COLLECT {
    MATCH (n:Customer)
    WHERE n.status IN ['ACTIVE', 'DECEASED']
      AND EXISTS { (n)-[:STANDS]->(n_standing:Standing) WHERE n_standing.purpose = $purpose AND n_standing.lawful AND (n_standing.until IS NULL OR n_standing.until > $now) }
      AND n.region = $p0
    RETURN 1 AS one LIMIT 10000
  })
} AS row
