// root: aggregate
// $p0: variable since, DateTime
// $p1: variable channel, String
// $p2: 10001
RETURN {
  t0: COLLECT {
    MATCH (n:Order)
    WHERE EXISTS { (n)<-[:PLACED]-(n_customer:Customer) WHERE n_customer.status IN ['ACTIVE', 'DECEASED'] AND EXISTS { (n_customer)-[:STANDS]->(n_customer_standing:Standing) WHERE n_customer_standing.purpose = $purpose AND n_customer_standing.lawful AND (n_customer_standing.until IS NULL OR n_customer_standing.until > $now) } }
      AND n.placedAt >= datetime($p0)
      AND n.channel <> $p1
    WITH n.status AS k0,
      n.itemCount AS m_itemCount,
      coalesce(COLLECT {
        MATCH (n)<-[:PLACED]-(o0:Customer)
        WHERE o0.status IN ['ACTIVE', 'DECEASED']
          AND EXISTS { (o0)-[:STANDS]->(o0_standing:Standing) WHERE o0_standing.purpose = $purpose AND o0_standing.lawful AND (o0_standing.until IS NULL OR o0_standing.until > $now) }
        RETURN o0.id AS id
        ORDER BY id LIMIT 1
      }[0], '') AS person
    WITH k0,
      count(*) AS records,
      count(DISTINCT person) AS persons,
      count(m_itemCount) AS itemCount_count,
      sum(m_itemCount) AS itemCount_sum,
      min(m_itemCount) AS itemCount_minimum,
      max(m_itemCount) AS itemCount_maximum
    ORDER BY records DESC, k0
    LIMIT $p2
    RETURN {
      k0: k0,
      records: records,
      persons: persons,
      itemCount_count: itemCount_count,
      itemCount_sum: itemCount_sum,
      itemCount_minimum: itemCount_minimum,
      itemCount_maximum: itemCount_maximum
    } AS found
  },
  t1: COLLECT {
    MATCH (n:Case)
    WHERE EXISTS { (n)<-[:OPENED]-(n_customer:Customer) WHERE n_customer.status IN ['ACTIVE', 'DECEASED'] AND EXISTS { (n_customer)-[:STANDS]->(n_customer_standing:Standing) WHERE n_customer_standing.purpose = $purpose AND n_customer_standing.lawful AND (n_customer_standing.until IS NULL OR n_customer_standing.until > $now) } }
      AND n.openedAt >= datetime($p0)
    WITH n.status AS k0,
      coalesce(COLLECT {
        MATCH (n)<-[:OPENED]-(o0:Customer)
        WHERE o0.status IN ['ACTIVE', 'DECEASED']
          AND EXISTS { (o0)-[:STANDS]->(o0_standing:Standing) WHERE o0_standing.purpose = $purpose AND o0_standing.lawful AND (o0_standing.until IS NULL OR o0_standing.until > $now) }
        RETURN o0.id AS id
        ORDER BY id LIMIT 1
      }[0], '') AS person
    WITH k0,
      count(*) AS records,
      count(DISTINCT person) AS persons
    ORDER BY records DESC, k0
    LIMIT $p2
    RETURN {
      k0: k0,
      records: records,
      persons: persons
    } AS found
  }
} AS row
