// Makes the relationships of one kind or finds them again.
UNWIND $rows AS row
MATCH (a:«START» {sourceKey: row.start})
MATCH (b:«END» {sourceKey: row.end})
MERGE (a)-[r:«TYPE»]->(b)
ON CREATE SET r += row.once
SET r += row.properties
