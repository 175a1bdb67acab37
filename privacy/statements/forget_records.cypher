// Records go, with the rows in which they came, unless a legal hold came meanwhile.
UNWIND $ids AS id
MATCH (n:$($label) {id: id})
WHERE n[$since] < $before AND NOT EXISTS {
  (n)-[:$($about)]-(:Customer)<-[:HOLDS]-(hold:LegalHold) WHERE hold.releasedAt IS NULL
}
WITH n, n.id AS gone, COLLECT { MATCH (n)<-[:RECORDS]-(row:SourceRecord) RETURN row } AS rows
FOREACH (row IN rows | DETACH DELETE row)
DETACH DELETE n
RETURN gone
