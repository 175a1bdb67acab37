// Handles that nobody holds.
MATCH (handle:Identity)
WHERE NOT EXISTS { (handle)<-[:HAS_IDENTITY]-() }
RETURN count(handle)
