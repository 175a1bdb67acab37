// root: customer
// $p0: variable id, ID
MATCH (n:Customer {id: $p0})
WHERE n.status IN ['ACTIVE', 'DECEASED']
  AND EXISTS { (n)-[:STANDS]->(n_standing:Standing) WHERE n_standing.purpose = $purpose AND n_standing.lawful AND (n_standing.until IS NULL OR n_standing.until > $now) }
RETURN {
  id: n.id,
  birthDate: left(toString(n.birthDate), 4),
  lifetimeValue: n.lifetimeValue
} AS row
