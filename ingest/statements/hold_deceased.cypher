// Who is said to have died is treated so until a person has read it. Who is restricted already stays so.
MATCH (task:ReviewTask {kind: 'DECEASED', state: 'OPEN'})-[:ASKS_ABOUT]->(customer:Customer {status: 'ACTIVE'})
WHERE $keys IS NULL OR task.sourceKey IN $keys
SET customer.status = 'DECEASED', task.held = true
