// root: customer
// $p0: variable id, ID
MATCH (n:Customer {id: $p0})
WHERE n.status IN ['ACTIVE']
  AND EXISTS { (n)-[:STANDS]->(n_standing:Standing) WHERE n_standing.purpose = $purpose AND n_standing.lawful AND (n_standing.until IS NULL OR n_standing.until > $now) }
WITH n,
  EXISTS { (n)-[:STANDS]->(n_standing:Standing) WHERE n_standing.purpose = 'marketing.email' AND n_standing.lawful AND (n_standing.until IS NULL OR n_standing.until > $now) } AS n_rule0,
  EXISTS { (n)-[:STANDS]->(n_standing:Standing) WHERE n_standing.purpose = 'marketing.phone' AND n_standing.lawful AND (n_standing.until IS NULL OR n_standing.until > $now) } AS n_rule1
RETURN {
  id: n.id,
  birthDate: left(toString(n.birthDate), 4),
  lifetimeValue: null,
  _rule0: n_rule0,
  _rule1: n_rule1
} AS row
