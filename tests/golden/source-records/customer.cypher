// root: customer
// $p0: variable id, ID
// $p1: 21
MATCH (n:Customer {id: $p0})
WHERE n.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED']
  AND n.id = $actor_id
RETURN {
  _about: n.id,
  sourceRecords: COLLECT {
    MATCH (n)<-[:RESOLVES_TO]-(n_sourceRecords:SourceRecord)
    WITH n_sourceRecords
    ORDER BY n_sourceRecords.id
    LIMIT $p1
    RETURN {
      system: n_sourceRecords.system,
      kind: n_sourceRecords.kind,
      resolution: n_sourceRecords.resolution,
      loadedAt: toString(n_sourceRecords.loadedAt),
      _sealed_payload: n_sourceRecords.payload
    } AS row
  },
  _total_sourceRecords: size(COLLECT {
    MATCH (n)<-[:RESOLVES_TO]-(n_sourceRecords:SourceRecord)
    RETURN 1 AS one LIMIT 10000
  })
} AS row
