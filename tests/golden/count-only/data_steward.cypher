// root: customers
// $p0: variable region, String
RETURN {
  total: size(COLLECT {
    MATCH (n:Customer)
    WHERE n.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED']
      AND n.region = $p0
    RETURN 1 AS one LIMIT 10000
  })
} AS row
