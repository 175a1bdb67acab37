// root: customers
// $p0: variable kinds, [Enum]
// $p1: 'ERASED', Enum
// $p2: 11
MATCH (n:Customer)
USING INDEX n:Customer(id)
WHERE n.id IS NOT NULL
  AND n.status IN ['ACTIVE', 'DECEASED']
  AND (n.region IN $actor_regions OR '*' IN $actor_regions OR EXISTS { (n)<-[:SERVES]-(n_team:Team) WHERE EXISTS { (n_team)<-[:WORKS_IN]-(n_team_employee:Employee) WHERE n_team_employee.number = $actor_id } })
  AND n.kind IN $p0
  AND n.status <> $p1
WITH n
ORDER BY n.id
LIMIT $p2
RETURN {
  id: n.id,
  kind: n.kind,
  status: n.status
} AS row
