// What a person decided, on which records: on which side each is, and whose it was.
CREATE (decision:MatchDecision)
SET decision = $properties, decision.at = datetime()
WITH decision
CALL (decision) {
  MATCH (void:MatchDecision {id: $undoes})
  CREATE (decision)-[:UNDOES]->(void)
}
CALL (decision) {
  UNWIND $records AS row
  MATCH (record:SourceRecord {id: row.id})
  CREATE (decision)-[:DECIDED {side: row.side, customer: row.customer}]->(record)
}
RETURN decision.id
