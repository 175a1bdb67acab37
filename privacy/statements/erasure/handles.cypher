// By what a customer alone is known: handles, and the places of her records.
MATCH (c) WHERE elementId(c) IN $roots
RETURN {
  handles: COLLECT {
    MATCH (c)-[:HAS_IDENTITY]->(handle:Identity)
    WHERE NOT coalesce(handle.blocked, false)
      AND NOT EXISTS { MATCH (handle)<-[:HAS_IDENTITY]-(other) 
        WHERE NOT elementId(other) IN $roots AND coalesce(other.status, '') <> 'ERASED' }
    RETURN {kind: handle.kind, value: coalesce(handle.normalized, handle.value), written: handle.value}
  },
  places: COLLECT { MATCH (c)<-[:RESOLVES_TO]-(record:SourceRecord) RETURN record.sourceKey }
} AS row
