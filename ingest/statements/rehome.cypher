// Whose records these are by now; how they came to belong together is said of them as before.
UNWIND $rows AS row
MATCH (record:SourceRecord {sourceKey: row.place})-[old:RESOLVES_TO]->(was:Customer)
MATCH (customer:Customer {sourceKey: row.customer})
WHERE was <> customer
CREATE (record)-[moved:RESOLVES_TO]->(customer)
SET moved = properties(old)
DELETE old
