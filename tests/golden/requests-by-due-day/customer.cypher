// root: privacyRequests
// $p0: ['RECEIVED', 'IDENTIFIED', 'IN_PROGRESS'], [Enum]
// $p1: 21
RETURN {
  rows: COLLECT {
    MATCH (n:PrivacyRequest)-[:REQUESTED_BY]->(:Customer {id: $actor_id})
    WITH DISTINCT n
    WHERE EXISTS { (n)-[:REQUESTED_BY]->(n_customer:Customer) WHERE n_customer.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED'] AND n_customer.id = $actor_id }
      AND n.state IN $p0
    WITH n
    ORDER BY n.dueAt, n.id
    LIMIT $p1
    RETURN {
      id: n.id,
      kind: n.kind,
      state: n.state,
      purposes: n.purposes,
      dueAt: toString(n.dueAt),
      note: n.note,
      _about: [(n)-[:REQUESTED_BY]->(n_who:Customer) | n_who.id],
      customer: COLLECT {
        MATCH (n)-[:REQUESTED_BY]->(n_customer:Customer)
        WHERE n_customer.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED']
          AND n_customer.id = $actor_id
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
    MATCH (n:PrivacyRequest)-[:REQUESTED_BY]->(:Customer {id: $actor_id})
    WITH DISTINCT n
    WHERE EXISTS { (n)-[:REQUESTED_BY]->(n_customer:Customer) WHERE n_customer.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED'] AND n_customer.id = $actor_id }
      AND n.state IN $p0
    RETURN 1 AS one LIMIT 10000
  })
} AS row
