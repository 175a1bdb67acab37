// The customer died, as a person has read. Who is restricted already stays so.
MATCH (task:ReviewTask {id: $task})-[:ASKS_ABOUT]->(customer:Customer)
WHERE customer.status = 'ACTIVE'
SET customer.status = 'DECEASED', task.held = true
RETURN customer.id
