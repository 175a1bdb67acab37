// root: identities
// $p0: 'PHONE', Enum
// $p1: False, Boolean
// $p2: 11
// $p3: 6
MATCH (n:Identity)
USING INDEX n:Identity(id)
WHERE n.id IS NOT NULL
  AND EXISTS { (n)<-[:HAS_IDENTITY]-(n_customer:Customer) WHERE n_customer.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED'] }
  AND n.kind = $p0
  AND n.blocked = $p1
WITH n
ORDER BY n.id
LIMIT $p2
RETURN {
  id: n.id,
  kind: n.kind,
  _about: [(n)<-[:HAS_IDENTITY]-(n_who:Customer) | n_who.id],
  customers: COLLECT {
    MATCH (n)<-[:HAS_IDENTITY]-(n_customers:Customer)
    WHERE n_customers.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED']
    WITH n_customers
    ORDER BY n_customers.id
    LIMIT $p3
    RETURN {
      id: n_customers.id
    } AS row
  },
  _total_customers: size(COLLECT {
    MATCH (n)<-[:HAS_IDENTITY]-(n_customers:Customer)
    WHERE n_customers.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED']
    RETURN 1 AS one LIMIT 10000
  })
} AS row
