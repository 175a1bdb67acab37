// What a task asks, of whom, and what it blocks.
MATCH (task:ReviewTask {id: $task})
OPTIONAL MATCH (task)-[:ASKS_ABOUT]->(customer:Customer)
RETURN {key: task.sourceKey, kind: task.kind, state: task.state, purposes: task.purposes, customer: customer.id} AS row
