// root: customer
// $p0: variable id, ID
MATCH (n:Customer {id: $p0})
WHERE n.status IN ['ACTIVE', 'DECEASED']
  AND (n.region IN $actor_regions OR '*' IN $actor_regions OR EXISTS { (n)<-[:SERVES]-(n_team:Team) WHERE EXISTS { (n_team)<-[:WORKS_IN]-(n_team_employee:Employee) WHERE n_team_employee.number = $actor_id } })
WITH n,
  EXISTS { (n)-[:STANDS]->(n_standing:Standing) WHERE n_standing.purpose = $purpose AND n_standing.lawful AND (n_standing.until IS NULL OR n_standing.until > $now) } AS n_rule0,
  n.id IN $revealed_Customer_birthDate AS n_rule1,
  n.id IN $revealed_Customer_nationalId AS n_rule2
RETURN {
  id: n.id,
  birthDate: CASE WHEN n_rule1 THEN toString(n.birthDate) ELSE left(toString(n.birthDate), 4) END,
  lifetimeValue: null,
  _rule0: n_rule0,
  _rule1: n_rule1,
  _rule2: n_rule2,
  _sealed_nationalId: CASE WHEN n_rule2 THEN n.nationalId ELSE '…' + right(n.nationalIdLast4, 4) END
} AS row
