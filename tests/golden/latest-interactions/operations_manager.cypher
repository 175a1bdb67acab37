// root: customer
// $p0: variable id, ID
// $p1: 11
// $p2: 21
MATCH (n:Customer {id: $p0})
WHERE n.status IN ['ACTIVE', 'DECEASED']
  AND EXISTS { (n)-[:STANDS]->(n_standing:Standing) WHERE n_standing.purpose = $purpose AND n_standing.lawful AND (n_standing.until IS NULL OR n_standing.until > $now) }
RETURN {
  _about: n.id,
  interactions: COLLECT {
    MATCH (n)-[:HAD]->(n_interactions:Interaction)
    WITH n_interactions
    ORDER BY n_interactions.occurredAt DESC, n_interactions.id
    LIMIT $p1
    RETURN {
      kind: n_interactions.kind,
      direction: n_interactions.direction,
      occurredAt: toString(n_interactions.occurredAt),
      outcome: n_interactions.outcome,
      queue: n_interactions.queue,
      handledBy: COLLECT {
        MATCH (n_interactions)-[:HANDLED_BY]->(n_interactions_handledBy:Employee)
        WITH n_interactions_handledBy
        ORDER BY n_interactions_handledBy.id
        LIMIT 1
        RETURN {
          name: n_interactions_handledBy.name,
          team: COLLECT {
            MATCH (n_interactions_handledBy)-[:WORKS_IN]->(n_interactions_handledBy_team:Team)
            WITH n_interactions_handledBy_team
            ORDER BY n_interactions_handledBy_team.id
            LIMIT 1
            RETURN {
              name: n_interactions_handledBy_team.name
            } AS row
          }[0]
        } AS row
      }[0],
      about: COLLECT {
        MATCH (n_interactions)-[:ABOUT]->(n_interactions_about)
        WHERE ((n_interactions_about:Order AND (EXISTS { (n_interactions_about)<-[:PLACED]-(n_interactions_about_customer:Customer) WHERE n_interactions_about_customer.status IN ['ACTIVE', 'DECEASED'] AND EXISTS { (n_interactions_about_customer)-[:STANDS]->(n_interactions_about_customer_standing:Standing) WHERE n_interactions_about_customer_standing.purpose = $purpose AND n_interactions_about_customer_standing.lawful AND (n_interactions_about_customer_standing.until IS NULL OR n_interactions_about_customer_standing.until > $now) } } OR NOT (EXISTS { (n_interactions_about)<-[:PLACED]-(:Customer) }))) OR (n_interactions_about:Case AND (EXISTS { (n_interactions_about)<-[:OPENED]-(n_interactions_about_customer:Customer) WHERE n_interactions_about_customer.status IN ['ACTIVE', 'DECEASED'] AND EXISTS { (n_interactions_about_customer)-[:STANDS]->(n_interactions_about_customer_standing:Standing) WHERE n_interactions_about_customer_standing.purpose = $purpose AND n_interactions_about_customer_standing.lawful AND (n_interactions_about_customer_standing.until IS NULL OR n_interactions_about_customer_standing.until > $now) } } OR NOT (EXISTS { (n_interactions_about)<-[:OPENED]-(:Customer) }))) OR n_interactions_about:Product OR n_interactions_about:Topic)
        WITH n_interactions_about
        ORDER BY n_interactions_about.id
        LIMIT $p2
        RETURN CASE
          WHEN n_interactions_about:Order THEN {
            _type: 'Order',
            number: n_interactions_about.number,
            status: n_interactions_about.status,
            _about: [(n_interactions_about)<-[:PLACED]-(n_interactions_about_who:Customer) | n_interactions_about_who.id]
          }
          WHEN n_interactions_about:Case THEN {
            _type: 'Case',
            number: n_interactions_about.number,
            status: n_interactions_about.status,
            _about: [(n_interactions_about)<-[:OPENED]-(n_interactions_about_who:Customer) | n_interactions_about_who.id]
          }
          WHEN n_interactions_about:Product THEN {
            _type: 'Product',
            name: n_interactions_about.name
          }
          WHEN n_interactions_about:Topic THEN {
            _type: 'Topic',
            name: n_interactions_about.name
          }
        END AS row
      }
    } AS row
  }
} AS row
