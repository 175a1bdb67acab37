// Since when Neo4j's files hold what was deleted, and when they were made anew last.
OPTIONAL MATCH (c:Compaction {of: 'store'})
RETURN {due: c.dueSince.epochMillis, done: c.doneAt.epochMillis} AS state
