// root: aggregate
// $p0: 51
RETURN {
  t0: COLLECT {
    MATCH (n:Interaction)
    WHERE EXISTS { (n)<-[:HAD]-(n_customer:Customer) WHERE n_customer.status IN ['ACTIVE', 'DECEASED'] AND (n_customer.region IN $actor_regions OR '*' IN $actor_regions OR EXISTS { (n_customer)<-[:SERVES]-(n_customer_team:Team) WHERE EXISTS { (n_customer_team)<-[:WORKS_IN]-(n_customer_team_employee:Employee) WHERE n_customer_team_employee.number = $actor_id } }) }
    WITH n.kind AS k0,
      left(toString(n.occurredAt), 7) AS k1,
      n.occurredAt AS m_occurredAt
    WITH k0,
      k1,
      count(*) AS records,
      count(m_occurredAt) AS occurredAt_count,
      toString(max(m_occurredAt)) AS occurredAt_maximum
    ORDER BY k0, k1
    LIMIT $p0
    RETURN {
      k0: k0,
      k1: k1,
      records: records,
      occurredAt_count: occurredAt_count,
      occurredAt_maximum: occurredAt_maximum
    } AS found
  }
} AS row
