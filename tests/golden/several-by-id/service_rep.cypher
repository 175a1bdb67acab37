// root: customers
// $p0: variable ids, [ID]
// $p1: 51
MATCH (n:Customer)
WHERE n.status IN ['ACTIVE', 'DECEASED']
  AND (n.region IN $actor_regions OR '*' IN $actor_regions OR EXISTS { (n)<-[:SERVES]-(n_team:Team) WHERE EXISTS { (n_team)<-[:WORKS_IN]-(n_team_employee:Employee) WHERE n_team_employee.number = $actor_id } })
  AND n.id IN $p0
WITH n
ORDER BY n.id
LIMIT $p1
RETURN {
  id: n.id,
  preferredChannel: n.preferredChannel
} AS row
