UNWIND $rows AS row
MERGE (r:AccessRecord {id: row.properties.id})
ON CREATE SET r = row.properties, r.at = datetime(row.at)
WITH r, row
UNWIND row.subjects AS subject
MATCH (c:Customer {id: subject})
WHERE c.status <> 'ERASED'
MERGE (r)-[:LOOKED_AT]->(c)
