// The customer lives, as a person has read, unless another message says otherwise.
MATCH (task:ReviewTask {id: $task, held: true})-[:ASKS_ABOUT]->(customer:Customer {status: 'DECEASED'})
SET task.held = false
WITH task, customer
WHERE NOT EXISTS {
  (customer)<-[:ASKS_ABOUT]-(other:ReviewTask {kind: 'DECEASED'}) WHERE other <> task AND other.state <> 'DISMISSED'
}
SET customer.status = 'ACTIVE'
RETURN customer.id
