// root: aggregate
// $p0: 101
RETURN {
  t0: COLLECT {
    MATCH (n:Customer)
    WHERE n.status IN ['ACTIVE', 'DECEASED']
      AND (n.region IN $actor_regions OR '*' IN $actor_regions OR EXISTS { (n)<-[:SERVES]-(n_team:Team) WHERE EXISTS { (n_team)<-[:WORKS_IN]-(n_team_employee:Employee) WHERE n_team_employee.number = $actor_id } })
    WITH n.region AS k0
    WITH k0,
      count(*) AS records
    ORDER BY records DESC, k0
    LIMIT $p0
    RETURN {
      k0: k0,
      records: records
    } AS found
  }
} AS row
