// What persons decided on records and did not take back, the earliest first. Sides are those of a decision that parts.
MATCH (decision:MatchDecision)
WHERE decision.verdict IN ['MERGED', 'SPLIT'] AND NOT EXISTS { (decision)<-[:UNDOES]-(:MatchDecision) }
WITH decision ORDER BY decision.at, decision.id
RETURN {verdict: decision.verdict, records: COLLECT {
  MATCH (decision)-[on:DECIDED]->(record:SourceRecord)
  RETURN {kind: record.kind, system: record.system, key: record.recordId, side: on.side}
}} AS row
