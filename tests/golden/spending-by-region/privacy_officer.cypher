// root: aggregate
// $p0: 101
RETURN {
  t0: COLLECT {
    MATCH (n:Customer)
    WHERE n.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED']
      AND NOT (n.segment IS NULL)
    WITH n.region AS k0,
      n.currency AS k1,
      n.lifetimeValue AS m_lifetimeValue
    WITH k0,
      k1,
      count(*) AS records,
      count(m_lifetimeValue) AS lifetimeValue_count,
      sum(m_lifetimeValue) AS lifetimeValue_sum
    ORDER BY records DESC, k0, k1
    LIMIT $p0
    RETURN {
      k0: k0,
      k1: k1,
      records: records,
      lifetimeValue_count: lifetimeValue_count,
      lifetimeValue_sum: lifetimeValue_sum
    } AS found
  }
} AS row
