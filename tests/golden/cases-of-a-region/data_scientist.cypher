// root: customers
// $p0: variable region, String
// $p1: 21
// $p2: variable since, DateTime
// $p3: 6
MATCH (n:Customer)
WHERE n.status IN ['ACTIVE', 'DECEASED']
  AND EXISTS { (n)-[:STANDS]->(n_standing:Standing) WHERE n_standing.purpose = $purpose AND n_standing.lawful AND (n_standing.until IS NULL OR n_standing.until > $now) }
  AND n.region = $p0
WITH n
ORDER BY n.id
LIMIT $p1
RETURN {
  id: n.id,
  cases: COLLECT {
    MATCH (n)-[:OPENED]->(n_cases:Case)
    WHERE n_cases.openedAt >= datetime($p2)
    WITH n_cases
    ORDER BY n_cases.openedAt DESC, n_cases.id
    LIMIT $p3
    RETURN {
      id: n_cases.id,
      openedAt: toString(n_cases.openedAt),
      status: n_cases.status,
      channel: n_cases.channel,
      satisfaction: n_cases.satisfaction
    } AS row
  }
} AS row
