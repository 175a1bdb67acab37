// What the change came to, and whom it is about.
MATCH (change:Change {id: $id})
SET change.record = $record, change.fields = $fields
WITH change
UNWIND $about AS subject
MATCH (customer:Customer {id: subject})
MERGE (change)-[:CHANGED]->(customer)
