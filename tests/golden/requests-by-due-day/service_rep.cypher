// root: privacyRequests
// $p0: ['RECEIVED', 'IDENTIFIED', 'IN_PROGRESS'], [Enum]
// $p1: 21
RETURN {
  rows: COLLECT {
    CALL () {
      MATCH (n:PrivacyRequest)
      WHERE n.dueAt IS NOT NULL
        AND EXISTS { (n)-[:REQUESTED_BY]->(n_customer:Customer) WHERE n_customer.status IN ['ACTIVE', 'DECEASED'] AND (n_customer.region IN $actor_regions OR '*' IN $actor_regions OR EXISTS { (n_customer)<-[:SERVES]-(n_customer_team:Team) WHERE EXISTS { (n_customer_team)<-[:WORKS_IN]-(n_customer_team_employee:Employee) WHERE n_customer_team_employee.number = $actor_id } }) }
        AND n.state IN $p0
      WITH n
      ORDER BY n.dueAt, n.id
      LIMIT $p1
      RETURN collect(n) AS first
    }
    CALL (first) {
      UNWIND first AS n
      RETURN n
      UNION ALL
      UNWIND CASE WHEN size(first) < $p1 THEN [true] ELSE [] END AS more
      CALL (more) {
        MATCH (n:PrivacyRequest)
        WHERE n.dueAt IS NULL
          AND EXISTS { (n)-[:REQUESTED_BY]->(n_customer:Customer) WHERE n_customer.status IN ['ACTIVE', 'DECEASED'] AND (n_customer.region IN $actor_regions OR '*' IN $actor_regions OR EXISTS { (n_customer)<-[:SERVES]-(n_customer_team:Team) WHERE EXISTS { (n_customer_team)<-[:WORKS_IN]-(n_customer_team_employee:Employee) WHERE n_customer_team_employee.number = $actor_id } }) }
          AND n.state IN $p0
        WITH n
        ORDER BY n.id
        LIMIT $p1
        RETURN n
      }
      RETURN n
    }
    WITH n
    ORDER BY n.dueAt, n.id
    LIMIT $p1
    WITH n,
      EXISTS { (n)-[:REQUESTED_BY]->(n_customer:Customer) WHERE EXISTS { (n_customer)-[:STANDS]->(n_customer_standing:Standing) WHERE n_customer_standing.purpose = $purpose AND n_customer_standing.lawful AND (n_customer_standing.until IS NULL OR n_customer_standing.until > $now) } } AS n_rule0
    RETURN {
      id: n.id,
      kind: n.kind,
      state: n.state,
      purposes: n.purposes,
      dueAt: toString(n.dueAt),
      note: CASE WHEN n_rule0 THEN n.note ELSE null END,
      _rule0: n_rule0,
      _about: [(n)-[:REQUESTED_BY]->(n_who:Customer) | n_who.id],
      customer: COLLECT {
        MATCH (n)-[:REQUESTED_BY]->(n_customer:Customer)
        WHERE n_customer.status IN ['ACTIVE', 'DECEASED']
          AND (n_customer.region IN $actor_regions OR '*' IN $actor_regions OR EXISTS { (n_customer)<-[:SERVES]-(n_customer_team:Team) WHERE EXISTS { (n_customer_team)<-[:WORKS_IN]-(n_customer_team_employee:Employee) WHERE n_customer_team_employee.number = $actor_id } })
        WITH n_customer
        ORDER BY n_customer.id
        LIMIT 1
        RETURN {
          id: n_customer.id,
          status: n_customer.status
        } AS row
      }[0]
    } AS row
  },
  total: size(COLLECT {
    MATCH (n:PrivacyRequest)
    WHERE EXISTS { (n)-[:REQUESTED_BY]->(n_customer:Customer) WHERE n_customer.status IN ['ACTIVE', 'DECEASED'] AND (n_customer.region IN $actor_regions OR '*' IN $actor_regions OR EXISTS { (n_customer)<-[:SERVES]-(n_customer_team:Team) WHERE EXISTS { (n_customer_team)<-[:WORKS_IN]-(n_customer_team_employee:Employee) WHERE n_customer_team_employee.number = $actor_id } }) }
      AND n.state IN $p0
    RETURN 1 AS one LIMIT 10000
  })
} AS row
