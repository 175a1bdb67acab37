// root: aggregate
// $p0: variable since, DateTime
// $p1: variable channel, String
// $p2: 11
// $p3: 101
RETURN {
  t0: COLLECT {
    MATCH (n:Order)
    WHERE (EXISTS { (n)<-[:PLACED]-(n_customer:Customer) WHERE n_customer.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED'] } OR NOT (EXISTS { (n)<-[:PLACED]-(:Customer) }))
      AND n.placedAt >= datetime($p0)
      AND n.channel <> $p1
    WITH n.status AS k0,
      n.itemCount AS m_itemCount
    WITH k0,
      count(*) AS records,
      count(m_itemCount) AS itemCount_count,
      sum(m_itemCount) AS itemCount_sum,
      min(m_itemCount) AS itemCount_minimum,
      max(m_itemCount) AS itemCount_maximum
    ORDER BY records DESC, k0
    LIMIT $p2
    RETURN {
      k0: k0,
      records: records,
      itemCount_count: itemCount_count,
      itemCount_sum: itemCount_sum,
      itemCount_minimum: itemCount_minimum,
      itemCount_maximum: itemCount_maximum
    } AS found
  },
  t1: COLLECT {
    MATCH (n:Case)
    WHERE (EXISTS { (n)<-[:OPENED]-(n_customer:Customer) WHERE n_customer.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED'] } OR NOT (EXISTS { (n)<-[:OPENED]-(:Customer) }))
      AND n.openedAt >= datetime($p0)
    WITH n.status AS k0
    WITH k0,
      count(*) AS records
    ORDER BY records DESC, k0
    LIMIT $p3
    RETURN {
      k0: k0,
      records: records
    } AS found
  }
} AS row
