// The same where a start has at most one such relationship: an earlier one gives way.
UNWIND $rows AS row
MATCH (a:$($start) {sourceKey: row.start})
MATCH (b:$($end) {sourceKey: row.end})
MERGE (a)-[r:$($type)]->(b)
ON CREATE SET r += row.once
SET r += row.properties
WITH a, b
MATCH (a)-[old:$($type)]->(other)
WHERE other <> b
DELETE old
