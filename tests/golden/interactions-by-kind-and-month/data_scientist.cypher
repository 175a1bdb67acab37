// root: aggregate
// $p0: 10001
RETURN {
  t0: COLLECT {
    MATCH (n:Interaction)
    WHERE n.occurredAt > $now - duration({days: 730})
      AND EXISTS { (n)<-[:HAD]-(n_customer:Customer) WHERE n_customer.status IN ['ACTIVE', 'DECEASED'] AND EXISTS { (n_customer)-[:STANDS]->(n_customer_standing:Standing) WHERE n_customer_standing.purpose = $purpose AND n_customer_standing.lawful AND (n_customer_standing.until IS NULL OR n_customer_standing.until > $now) } }
    WITH n.kind AS k0,
      left(toString(n.occurredAt), 7) AS k1,
      n.occurredAt AS m_occurredAt,
      coalesce(COLLECT {
        MATCH (n)<-[:HAD]-(o0:Customer)
        WHERE o0.status IN ['ACTIVE', 'DECEASED']
          AND EXISTS { (o0)-[:STANDS]->(o0_standing:Standing) WHERE o0_standing.purpose = $purpose AND o0_standing.lawful AND (o0_standing.until IS NULL OR o0_standing.until > $now) }
        RETURN o0.id AS id
        ORDER BY id LIMIT 1
      }[0], '') AS person
    WITH k0,
      k1,
      count(*) AS records,
      count(DISTINCT person) AS persons,
      count(m_occurredAt) AS occurredAt_count,
      toString(max(m_occurredAt)) AS occurredAt_maximum
    ORDER BY k0, k1
    LIMIT $p0
    RETURN {
      k0: k0,
      k1: k1,
      records: records,
      persons: persons,
      occurredAt_count: occurredAt_count,
      occurredAt_maximum: occurredAt_maximum
    } AS found
  }
} AS row
