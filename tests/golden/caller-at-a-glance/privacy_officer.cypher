// root: callers
// $p0: 'PHONE', Enum
// $p1: spellings of variable phone as 'PHONE'
// $p2: 6
// $p3: 4
RETURN {
  rows: COLLECT {
    MATCH (handle:Identity {kind: $p0})
    WHERE handle.normalized IN $p1
    MATCH (handle)<-[:HAS_IDENTITY]-(n:Customer)
    WITH DISTINCT n
    WHERE n.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED']
    WITH n
    ORDER BY n.id
    LIMIT $p2
    RETURN {
      id: n.id,
      status: n.status,
      name: n.name,
      region: n.region,
      language: n.language,
      preferredChannel: n.preferredChannel,
      _sealed_nationalId: n.nationalId,
      cases: COLLECT {
        MATCH (n)-[:OPENED]->(n_cases:Case)
        WITH n_cases
        ORDER BY n_cases.openedAt DESC, n_cases.id
        LIMIT $p3
        RETURN {
          number: n_cases.number,
          openedAt: toString(n_cases.openedAt),
          status: n_cases.status
        } AS row
      },
      interactions: COLLECT {
        MATCH (n)-[:HAD]->(n_interactions:Interaction)
        WITH n_interactions
        ORDER BY n_interactions.occurredAt DESC, n_interactions.id
        LIMIT $p2
        RETURN {
          kind: n_interactions.kind,
          direction: n_interactions.direction,
          occurredAt: toString(n_interactions.occurredAt),
          outcome: n_interactions.outcome,
          sentiment: n_interactions.sentiment
        } AS row
      }
    } AS row
  },
  total: size(COLLECT {
    MATCH (handle:Identity {kind: $p0})
    WHERE handle.normalized IN $p1
    MATCH (handle)<-[:HAS_IDENTITY]-(n:Customer)
    WITH DISTINCT n
    WHERE n.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED']
    RETURN 1 AS one LIMIT 10000
  })
} AS row
