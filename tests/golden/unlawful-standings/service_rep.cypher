// root: standings
// $p0: 'marketing', String
// $p1: False, Boolean
RETURN {
  total: size(COLLECT {
    MATCH (n:Standing)
    WHERE EXISTS { (n)<-[:STANDS]-(n_customer:Customer) WHERE n_customer.status IN ['ACTIVE', 'DECEASED'] AND (n_customer.region IN $actor_regions OR '*' IN $actor_regions OR EXISTS { (n_customer)<-[:SERVES]-(n_customer_team:Team) WHERE EXISTS { (n_customer_team)<-[:WORKS_IN]-(n_customer_team_employee:Employee) WHERE n_customer_team_employee.number = $actor_id } }) }
      AND n.purpose STARTS WITH $p0
      AND n.lawful = $p1
    RETURN 1 AS one LIMIT 10000
  })
} AS row
