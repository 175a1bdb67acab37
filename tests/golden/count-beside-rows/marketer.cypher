// root: customers
// $p0: 6
RETURN {
  rows: COLLECT {
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
  },
  total: size(COLLECT {
    MATCH (n:Customer)
    WHERE n.status IN ['ACTIVE']
      AND EXISTS { (n)-[:STANDS]->(n_standing:Standing) WHERE n_standing.purpose = $purpose AND n_standing.lawful AND (n_standing.until IS NULL OR n_standing.until > $now) }
    RETURN 1 AS one LIMIT 10000
  })
} AS row
