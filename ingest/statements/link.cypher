// Makes the relationships of one kind or finds them again.
UNWIND $rows AS row
MATCH (a:$($start) {sourceKey: row.start})
MATCH (b:$($end) {sourceKey: row.end})
MERGE (a)-[r:$($type)]->(b)
ON CREATE SET r += row.once
SET r += row.properties
