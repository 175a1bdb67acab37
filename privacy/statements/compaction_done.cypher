// Neo4j's files were made anew.
MERGE (c:Compaction {of: 'store'})
SET c.dueSince = null, c.doneAt = $at
RETURN true
