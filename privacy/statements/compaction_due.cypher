// Something was deleted: Neo4j's files hold it until they are made anew.
MERGE (c:Compaction {of: 'store'})
SET c.dueSince = coalesce(c.dueSince, $now)
RETURN true
