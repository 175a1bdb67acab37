// root: reviewTasks
// $p0: 'OPEN', Enum
// $p1: 21
RETURN {
  rows: COLLECT {
    CALL () {
      MATCH (n:ReviewTask)
      WHERE n.foundAt IS NOT NULL
        AND (EXISTS { (n)-[:ASKS_ABOUT]->(n_customer:Customer) WHERE n_customer.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED'] } OR NOT (EXISTS { (n)-[:ASKS_ABOUT]->(:Customer) }))
        AND n.state = $p0
      WITH n
      ORDER BY n.foundAt, n.id
      LIMIT $p1
      RETURN collect(n) AS first
    }
    CALL (first) {
      UNWIND first AS n
      RETURN n
      UNION ALL
      UNWIND CASE WHEN size(first) < $p1 THEN [true] ELSE [] END AS more
      CALL (more) {
        MATCH (n:ReviewTask)
        WHERE n.foundAt IS NULL
          AND (EXISTS { (n)-[:ASKS_ABOUT]->(n_customer:Customer) WHERE n_customer.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED'] } OR NOT (EXISTS { (n)-[:ASKS_ABOUT]->(:Customer) }))
          AND n.state = $p0
        WITH n
        ORDER BY n.id
        LIMIT $p1
        RETURN n
      }
      RETURN n
    }
    WITH n
    ORDER BY n.foundAt, n.id
    LIMIT $p1
    RETURN {
      id: n.id,
      kind: n.kind,
      purposes: n.purposes,
      aboutAnother: n.aboutAnother,
      saidAt: toString(n.saidAt),
      quoteRedacted: n.quoteRedacted,
      _about: [(n)-[:ASKS_ABOUT]->(n_who:Customer) | n_who.id],
      customer: COLLECT {
        MATCH (n)-[:ASKS_ABOUT]->(n_customer:Customer)
        WHERE n_customer.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED']
        WITH n_customer
        ORDER BY n_customer.id
        LIMIT 1
        RETURN {
          id: n_customer.id,
          status: n_customer.status
        } AS row
      }[0],
      interaction: COLLECT {
        MATCH (n)-[:FOUND_IN]->(n_interaction:Interaction)
        WHERE (EXISTS { (n_interaction)<-[:HAD]-(n_interaction_customer:Customer) WHERE n_interaction_customer.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED'] } OR NOT (EXISTS { (n_interaction)<-[:HAD]-(:Customer) }))
        WITH n_interaction
        ORDER BY n_interaction.id
        LIMIT 1
        RETURN {
          id: n_interaction.id,
          kind: n_interaction.kind,
          _about: [(n_interaction)<-[:HAD]-(n_interaction_who:Customer) | n_interaction_who.id]
        } AS row
      }[0]
    } AS row
  },
  total: size(COLLECT {
    MATCH (n:ReviewTask)
    WHERE (EXISTS { (n)-[:ASKS_ABOUT]->(n_customer:Customer) WHERE n_customer.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED'] } OR NOT (EXISTS { (n)-[:ASKS_ABOUT]->(:Customer) }))
      AND n.state = $p0
    RETURN 1 AS one LIMIT 10000
  })
} AS row
