// root: customer
// $p0: 'EMAIL', Enum
// $p1: spellings of variable email as 'EMAIL'
MATCH (handle:Identity {kind: $p0})
WHERE handle.normalized IN $p1
MATCH (handle)<-[:HAS_IDENTITY]-(n:Customer)
WITH DISTINCT n
WHERE n.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED']
WITH collect(n) AS found
WHERE size(found) = 1
UNWIND found AS n
RETURN {
  id: n.id,
  status: n.status,
  name: n.name,
  region: n.region
} AS row
