// The two sides of a question: every row of each record, and whose it is.
MATCH (candidate:MatchCandidate {id: $candidate})-[:COMPARES]->(record:SourceRecord)-[:RESOLVES_TO]->(customer:Customer)
WITH record, customer ORDER BY record.sourceKey
RETURN {customer: customer.sourceKey, records: COLLECT {
  MATCH (row:SourceRecord {system: record.system, recordId: record.recordId, kind: record.kind})
  RETURN row.id
}} AS row
