// root: aggregate
// $p0: 10001
RETURN {
  t0: COLLECT {
    MATCH (n:Customer)
    WHERE n.status IN ['ACTIVE']
      AND EXISTS { (n)-[:STANDS]->(n_standing:Standing) WHERE n_standing.purpose = $purpose AND n_standing.lawful AND (n_standing.until IS NULL OR n_standing.until > $now) }
      AND NOT (n.segment IS NULL)
    WITH n.region AS k0,
      n.currency AS k1,
      n.id AS person
    WITH k0,
      k1,
      count(*) AS records,
      count(DISTINCT person) AS persons
    ORDER BY records DESC, k0, k1
    LIMIT $p0
    RETURN {
      k0: k0,
      k1: k1,
      records: records,
      persons: persons
    } AS found
  },
  t0_atoms: COLLECT {
    MATCH (n:Customer)
    WHERE n.status IN ['ACTIVE']
      AND EXISTS { (n)-[:STANDS]->(n_standing:Standing) WHERE n_standing.purpose = $purpose AND n_standing.lawful AND (n_standing.until IS NULL OR n_standing.until > $now) }
      AND NOT (n.segment IS NULL)
    WITH n.region AS k0,
      n.segment AS k1,
      n.currency AS k2,
      n.lifetimeValue AS m_lifetimeValue,
      n.id AS person
    WITH k0,
      k1,
      k2,
      person,
      count(m_lifetimeValue) AS lifetimeValue_count,
      sum(m_lifetimeValue) AS lifetimeValue_sum
    WITH k0,
      k1,
      k2,
      sum(lifetimeValue_count) AS lifetimeValue_count,
      sum(lifetimeValue_sum) AS lifetimeValue_sum,
      count(CASE WHEN lifetimeValue_count > 0 THEN abs(lifetimeValue_sum) END) AS lifetimeValue_persons,
      sum(CASE WHEN lifetimeValue_count > 0 THEN abs(lifetimeValue_sum) END) AS lifetimeValue_size,
      collect(CASE WHEN lifetimeValue_count > 0 THEN abs(lifetimeValue_sum) END) AS lifetimeValue_parts
    LIMIT $p0
    RETURN {
      k0: k0,
      k1: k1,
      k2: k2,
      lifetimeValue_count: lifetimeValue_count,
      lifetimeValue_sum: lifetimeValue_sum,
      lifetimeValue_persons: lifetimeValue_persons,
      lifetimeValue_size: lifetimeValue_size,
      lifetimeValue_largest: reduce(two = [0, 0], x IN lifetimeValue_parts | CASE WHEN x > two[0] THEN [x, two[0]] WHEN x > two[1] THEN [two[0], x] ELSE two END)
    } AS found
  }
} AS row
