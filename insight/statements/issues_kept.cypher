// Issues with all that hangs at them: made or found by their keys, and those gone that are no more.
CALL () {
  MATCH (old:RecurringIssue) WHERE NOT old.sourceKey IN [row IN $rows | row.key]
  DETACH DELETE old
}
UNWIND $rows AS row
MERGE (n:RecurringIssue {sourceKey: row.key})
ON CREATE SET n.id = 'iss_' + replace(randomUUID(), '-', '')
SET n += row.properties, n.firstSeen = datetime({epochMillis: row.since}), n.lastSeen = datetime({epochMillis: row.until})
WITH n, row
CALL (n, row) {
  MATCH (n)-[r:GATHERS|EXEMPLIFIED_BY|AFFECTS]->(o)
  WITH r, o WHERE NOT o.id IN CASE type(r) WHEN 'GATHERS' THEN row.members WHEN 'AFFECTS' THEN row.products ELSE row.shown END
  DELETE r
}
CALL (n, row) { UNWIND row.members AS id MATCH (o:Interaction {id: id}) MERGE (n)-[:GATHERS]->(o) }
CALL (n, row) { UNWIND row.members AS id MATCH (o:Case {id: id}) MERGE (n)-[:GATHERS]->(o) }
CALL (n, row) { UNWIND row.shown AS id MATCH (o:Interaction {id: id}) MERGE (n)-[:EXEMPLIFIED_BY]->(o) }
CALL (n, row) { UNWIND row.products AS id MATCH (o:Product {id: id}) MERGE (n)-[:AFFECTS]->(o) }
RETURN count(*) AS kept
