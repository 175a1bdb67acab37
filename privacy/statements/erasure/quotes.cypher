// Questions about others that quote her messages.
UNWIND $messages AS message
MATCH (n) WHERE elementId(n) = message
MATCH (n)<-[:FOUND_IN]-(task:ReviewTask)
WHERE task.quote IS NOT NULL OR task.quoteRedacted IS NOT NULL
RETURN DISTINCT elementId(task)
