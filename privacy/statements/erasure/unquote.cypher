// What questions about others quoted of her messages.
UNWIND $nodes AS one
MATCH (task:ReviewTask) WHERE elementId(task) = one
SET task.quote = null, task.quoteRedacted = null
