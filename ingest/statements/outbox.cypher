// Enters what systems are to be told, in the transaction of the change.
MATCH (customer:Customer {id: $customer})
UNWIND $entries AS entry
CREATE (made:Delivery)-[:TELLS_OF]->(customer)
SET made = entry, made.createdAt = $now, made.nextAttemptAt = datetime()
WITH made
MATCH (change:Change {id: $change})
CREATE (made)-[:TELLS]->(change)
