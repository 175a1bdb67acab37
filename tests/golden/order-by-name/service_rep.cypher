// root: customers
// $p0: 26
MATCH (n:Customer)
WHERE n.status IN ['ACTIVE', 'DECEASED']
  AND (n.region IN $actor_regions OR '*' IN $actor_regions OR EXISTS { (n)<-[:SERVES]-(n_team:Team) WHERE EXISTS { (n_team)<-[:WORKS_IN]-(n_team_employee:Employee) WHERE n_team_employee.number = $actor_id } })
  AND NOT (n.name IS NULL)
WITH n
ORDER BY n.name, n.id
LIMIT $p0
RETURN {
  id: n.id,
  name: n.name
} AS row
