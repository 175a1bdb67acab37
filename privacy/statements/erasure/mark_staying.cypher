// What has to stay is held by the receipt, until when.
MATCH (receipt:ErasureReceipt {id: $receipt})
UNWIND $rows AS row
MATCH (n) WHERE elementId(n) = row.node
MERGE (receipt)-[keeps:KEEPS]->(n)
ON CREATE SET keeps.until = row.until, keeps.fields = row.fields
