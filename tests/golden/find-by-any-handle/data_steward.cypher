// root: customer
// $p0: 'CUSTOMER_NUMBER', Enum
// $p1: spellings of variable identity.value as 'CUSTOMER_NUMBER'
MATCH (handle:Identity {kind: $p0})
WHERE handle.normalized IN $p1
MATCH (handle)<-[:HAS_IDENTITY]-(n:Customer)
WITH DISTINCT n
WHERE n.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED']
WITH collect(n) AS found
WHERE size(found) = 1
UNWIND found AS n
RETURN {
  id: n.id
} AS row
