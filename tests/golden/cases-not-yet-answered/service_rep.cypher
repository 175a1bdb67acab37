// root: cases
// $p0: 21
RETURN {
  rows: COLLECT {
    CALL () {
      MATCH (n:Case)
      USING INDEX n:Case(openedAt)
      WHERE n.openedAt IS NOT NULL
        AND EXISTS { (n)<-[:OPENED]-(n_customer:Customer) WHERE n_customer.status IN ['ACTIVE', 'DECEASED'] AND (n_customer.region IN $actor_regions OR '*' IN $actor_regions OR EXISTS { (n_customer)<-[:SERVES]-(n_customer_team:Team) WHERE EXISTS { (n_customer_team)<-[:WORKS_IN]-(n_customer_team_employee:Employee) WHERE n_customer_team_employee.number = $actor_id } }) }
        AND n.firstResponseAt IS NULL
      WITH n
      ORDER BY n.openedAt, n.id
      LIMIT $p0
      RETURN collect(n) AS first
    }
    CALL (first) {
      UNWIND first AS n
      RETURN n
      UNION ALL
      UNWIND CASE WHEN size(first) < $p0 THEN [true] ELSE [] END AS more
      CALL (more) {
        MATCH (n:Case)
        WHERE n.openedAt IS NULL
          AND EXISTS { (n)<-[:OPENED]-(n_customer:Customer) WHERE n_customer.status IN ['ACTIVE', 'DECEASED'] AND (n_customer.region IN $actor_regions OR '*' IN $actor_regions OR EXISTS { (n_customer)<-[:SERVES]-(n_customer_team:Team) WHERE EXISTS { (n_customer_team)<-[:WORKS_IN]-(n_customer_team_employee:Employee) WHERE n_customer_team_employee.number = $actor_id } }) }
          AND n.firstResponseAt IS NULL
        WITH n
        ORDER BY n.id
        LIMIT $p0
        RETURN n
      }
      RETURN n
    }
    WITH n
    ORDER BY n.openedAt, n.id
    LIMIT $p0
    RETURN {
      number: n.number,
      openedAt: toString(n.openedAt),
      status: n.status,
      handovers: n.handovers,
      _about: [(n)<-[:OPENED]-(n_who:Customer) | n_who.id],
      team: COLLECT {
        MATCH (n)-[:LIES_WITH]->(n_team:Team)
        WITH n_team
        ORDER BY n_team.id
        LIMIT 1
        RETURN {
          name: n_team.name
        } AS row
      }[0],
      agent: COLLECT {
        MATCH (n)-[:WORKED_BY]->(n_agent:Employee)
        WITH n_agent
        ORDER BY n_agent.id
        LIMIT 1
        RETURN {
          name: n_agent.name
        } AS row
      }[0]
    } AS row
  },
  total: size(COLLECT {
    MATCH (n:Case)
    WHERE EXISTS { (n)<-[:OPENED]-(n_customer:Customer) WHERE n_customer.status IN ['ACTIVE', 'DECEASED'] AND (n_customer.region IN $actor_regions OR '*' IN $actor_regions OR EXISTS { (n_customer)<-[:SERVES]-(n_customer_team:Team) WHERE EXISTS { (n_customer_team)<-[:WORKS_IN]-(n_customer_team_employee:Employee) WHERE n_customer_team_employee.number = $actor_id } }) }
      AND n.firstResponseAt IS NULL
    RETURN 1 AS one LIMIT 10000
  })
} AS row
