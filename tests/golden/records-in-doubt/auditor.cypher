// root: sourceRecords
// $p0: ['REVIEW', 'UNATTRIBUTED'], [Enum]
// $p1: 21
RETURN {
  rows: COLLECT {
    MATCH (n:SourceRecord)
    WHERE (EXISTS { (n)-[:RESOLVES_TO]->(n_customer:Customer) WHERE n_customer.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED'] } OR NOT (EXISTS { (n)-[:RESOLVES_TO]->(:Customer) }))
      AND n.resolution IN $p0
    WITH n
    ORDER BY n.loadedAt IS NULL, n.loadedAt DESC, n.id
    LIMIT $p1
    RETURN {
      id: n.id,
      system: n.system,
      kind: n.kind,
      resolution: n.resolution,
      _about: [(n)-[:RESOLVES_TO]->(n_who:Customer) | n_who.id]
    } AS row
  },
  total: size(COLLECT {
    MATCH (n:SourceRecord)
    WHERE (EXISTS { (n)-[:RESOLVES_TO]->(n_customer:Customer) WHERE n_customer.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED'] } OR NOT (EXISTS { (n)-[:RESOLVES_TO]->(:Customer) }))
      AND n.resolution IN $p0
    RETURN 1 AS one LIMIT 10000
  })
} AS row
