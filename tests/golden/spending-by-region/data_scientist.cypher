// root: aggregate
// $p0: 10001
RETURN {
  t0: COLLECT {
    MATCH (n:Customer)
    WHERE n.status IN ['ACTIVE', 'DECEASED']
      AND EXISTS { (n)-[:STANDS]->(n_standing:Standing) WHERE n_standing.purpose = $purpose AND n_standing.lawful AND (n_standing.until IS NULL OR n_standing.until > $now) }
      AND NOT (n.segment IS NULL)
    WITH n.region AS k0,
      n.currency AS k1,
      n.lifetimeValue AS m_lifetimeValue,
      n.id AS person
    WITH k0,
      k1,
      count(*) AS records,
      count(DISTINCT person) AS persons,
      count(m_lifetimeValue) AS lifetimeValue_count,
      sum(m_lifetimeValue) AS lifetimeValue_sum
    ORDER BY records DESC, k0, k1
    LIMIT $p0
    RETURN {
      k0: k0,
      k1: k1,
      records: records,
      persons: persons,
      lifetimeValue_count: lifetimeValue_count,
      lifetimeValue_sum: lifetimeValue_sum
    } AS found
  }
} AS row
