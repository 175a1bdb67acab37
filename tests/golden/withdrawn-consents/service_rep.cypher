// root: consents
// $p0: variable purpose, String
// $p1: ['WITHDRAWN', 'REFUSED', 'OBJECTED'], [Enum]
// $p2: 21
RETURN {
  rows: COLLECT {
    MATCH (n:Consent)
    WHERE EXISTS { (n)<-[:GAVE]-(n_customer:Customer) WHERE n_customer.status IN ['ACTIVE', 'DECEASED'] AND (n_customer.region IN $actor_regions OR '*' IN $actor_regions OR EXISTS { (n_customer)<-[:SERVES]-(n_customer_team:Team) WHERE EXISTS { (n_customer_team)<-[:WORKS_IN]-(n_customer_team_employee:Employee) WHERE n_customer_team_employee.number = $actor_id } }) }
      AND n.purpose = $p0
      AND n.state IN $p1
    WITH n
    ORDER BY n.capturedAt IS NULL, n.capturedAt DESC, n.id
    LIMIT $p2
    RETURN {
      id: n.id,
      state: n.state,
      capturedAt: toString(n.capturedAt),
      method: n.method,
      _about: [(n)<-[:GAVE]-(n_who:Customer) | n_who.id],
      customer: COLLECT {
        MATCH (n)<-[:GAVE]-(n_customer:Customer)
        WHERE n_customer.status IN ['ACTIVE', 'DECEASED']
          AND (n_customer.region IN $actor_regions OR '*' IN $actor_regions OR EXISTS { (n_customer)<-[:SERVES]-(n_customer_team:Team) WHERE EXISTS { (n_customer_team)<-[:WORKS_IN]-(n_customer_team_employee:Employee) WHERE n_customer_team_employee.number = $actor_id } })
        WITH n_customer
        ORDER BY n_customer.id
        LIMIT 1
        RETURN {
          id: n_customer.id
        } AS row
      }[0]
    } AS row
  },
  total: size(COLLECT {
    MATCH (n:Consent)
    WHERE EXISTS { (n)<-[:GAVE]-(n_customer:Customer) WHERE n_customer.status IN ['ACTIVE', 'DECEASED'] AND (n_customer.region IN $actor_regions OR '*' IN $actor_regions OR EXISTS { (n_customer)<-[:SERVES]-(n_customer_team:Team) WHERE EXISTS { (n_customer_team)<-[:WORKS_IN]-(n_customer_team_employee:Employee) WHERE n_customer_team_employee.number = $actor_id } }) }
      AND n.purpose = $p0
      AND n.state IN $p1
    RETURN 1 AS one LIMIT 10000
  })
} AS row
