// The same where a start has at most one such relationship: an earlier one gives way.
UNWIND $rows AS row
MATCH (a:«START» {sourceKey: row.start})
MATCH (b:«END» {sourceKey: row.end})
MERGE (a)-[r:«TYPE»]->(b)
ON CREATE SET r += row.once
SET r += row.properties
WITH a, b
MATCH (a)-[old:«TYPE»]->(other)
WHERE other <> b
DELETE old
