// Values of records go, with the rows in which they came, unless a legal hold came meanwhile.
UNWIND $ids AS id
MATCH (n:$($label) {id: id})
WHERE n[$since] < $before AND NOT EXISTS {
  (n)-[:$($about)]-(:Customer)<-[:HOLDS]-(hold:LegalHold) WHERE hold.releasedAt IS NULL
}
SET n += $nothing
WITH n
OPTIONAL MATCH (n)<-[:RECORDS]-(row:SourceRecord)
SET row.payload = null, row.kept = null, row.arrival = null, row.liveRow = null, row.forgotten = true
RETURN DISTINCT n.id
