// root: aggregate
// $p0: 10001
RETURN {
  t0: COLLECT {
    MATCH (n:Customer)
    WHERE n.status IN ['ACTIVE']
      AND EXISTS { (n)-[:STANDS]->(n_standing:Standing) WHERE n_standing.purpose = $purpose AND n_standing.lawful AND (n_standing.until IS NULL OR n_standing.until > $now) }
    WITH n.region AS k0,
      n.id AS person
    WITH k0,
      count(*) AS records,
      count(DISTINCT person) AS persons
    ORDER BY records DESC, k0
    LIMIT $p0
    RETURN {
      k0: k0,
      records: records,
      persons: persons
    } AS found
  }
} AS row
