// Every pair of records that a person was asked about.
MATCH (candidate:MatchCandidate)
WHERE candidate.sourceKey IS NOT NULL
RETURN {key: candidate.sourceKey, state: candidate.state, records: COLLECT {
  MATCH (candidate)-[:COMPARES]->(record:SourceRecord)
  RETURN {kind: record.kind, system: record.system, key: record.recordId}
}} AS row
