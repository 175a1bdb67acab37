// Every system that held a record is told: by an event, or by a person.
MATCH (receipt:ErasureReceipt {id: $receipt})
UNWIND $rows AS row
MERGE (notice:ErasureNotice {sourceKey: row.notice.sourceKey})
ON CREATE SET notice = row.notice
MERGE (receipt)-[:NOTIFIES]->(notice)
WITH notice, row WHERE row.delivery IS NOT NULL
MERGE (delivery:Delivery {sourceKey: row.delivery.sourceKey})
ON CREATE SET delivery = row.delivery, delivery.createdAt = $now, delivery.nextAttemptAt = datetime()
MERGE (notice)-[:CARRIED_BY]->(delivery)
