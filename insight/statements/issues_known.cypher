// The issues that are kept, with what they gather.
MATCH (n:RecurringIssue)
RETURN {key: n.sourceKey, members: COLLECT { MATCH (n)-[:GATHERS]->(o) RETURN o.id }} AS row
ORDER BY row.key
