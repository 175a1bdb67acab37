// root: callers
// $p0: 'EMAIL', Enum
// $p1: spellings of variable email as 'EMAIL'
// $p2: key 0 of the cursor in variable after, ID
// $p3: 3
RETURN {
  rows: COLLECT {
    MATCH (handle:Identity {kind: $p0})
    WHERE handle.normalized IN $p1
    MATCH (handle)<-[:HAS_IDENTITY]-(n:Customer)
    WITH DISTINCT n
    WHERE n.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED']
      AND n.id > $p2
    WITH n
    ORDER BY n.id
    LIMIT $p3
    RETURN {
      id: n.id,
      email: n.email,
      _sealed_nationalId: n.nationalId,
      _at: [n.id]
    } AS row
  },
  total: size(COLLECT {
    MATCH (handle:Identity {kind: $p0})
    WHERE handle.normalized IN $p1
    MATCH (handle)<-[:HAS_IDENTITY]-(n:Customer)
    WITH DISTINCT n
    WHERE n.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED']
    RETURN 1 AS one LIMIT 10000
  })
} AS row
