// As `persons_decided`, but of decisions on these records and no other: one on a record that is hidden tells nothing.
MATCH (decision:MatchDecision)-[:DECIDED]->(record:SourceRecord)
WHERE record.id IN $records
WITH DISTINCT decision
WHERE decision.verdict IN ['MERGED', 'SPLIT'] AND NOT EXISTS { (decision)<-[:UNDOES]-(:MatchDecision) }
  AND NOT EXISTS { (decision)-[:DECIDED]->(other:SourceRecord) WHERE NOT other.id IN $records }
WITH decision ORDER BY decision.at, decision.id
RETURN {verdict: decision.verdict, records: COLLECT {
  MATCH (decision)-[on:DECIDED]->(record:SourceRecord)
  RETURN {kind: record.kind, system: record.system, key: record.recordId, side: on.side}
}} AS row
