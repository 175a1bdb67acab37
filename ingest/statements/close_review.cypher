// A person decided what a message says, and where the task named nobody, of whom.
MATCH (task:ReviewTask {id: $task})
SET task.state = $state, task.closedAt = $now, task.closedBy = $role, task.reason = $reason, task.actor = $actor
WITH task
CALL (task) {
  MATCH (customer:Customer {id: $customer})
  WHERE NOT EXISTS { (task)-[:ASKS_ABOUT]->() }
  MERGE (task)-[:ASKS_ABOUT]->(customer)
}
RETURN task.id
