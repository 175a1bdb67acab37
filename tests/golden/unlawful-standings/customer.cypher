// root: standings
// $p0: 'marketing', String
// $p1: False, Boolean
RETURN {
  total: size(COLLECT {
    MATCH (n:Standing)<-[:STANDS]-(:Customer {id: $actor_id})
    WITH DISTINCT n
    WHERE EXISTS { (n)<-[:STANDS]-(n_customer:Customer) WHERE n_customer.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED'] AND n_customer.id = $actor_id }
      AND n.purpose STARTS WITH $p0
      AND n.lawful = $p1
    RETURN 1 AS one LIMIT 10000
  })
} AS row
