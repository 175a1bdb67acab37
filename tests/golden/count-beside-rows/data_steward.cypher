// root: customers
// $p0: 6
RETURN {
  rows: COLLECT {
    MATCH (n:Customer)
    USING INDEX n:Customer(id)
    WHERE n.id IS NOT NULL
      AND n.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED']
    WITH n
    ORDER BY n.id
    LIMIT $p0
    RETURN {
      id: n.id
    } AS row
  },
  total: size(COLLECT {
    MATCH (n:Customer)
    WHERE n.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED']
    RETURN 1 AS one LIMIT 10000
  })
} AS row
