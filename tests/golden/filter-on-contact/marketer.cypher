// root: customers
// $p0: variable prefix, String
// $p1: 11
MATCH (n:Customer)
WHERE n.status IN ['ACTIVE']
  AND EXISTS { (n)-[:STANDS]->(n_standing:Standing) WHERE n_standing.purpose = $purpose AND n_standing.lawful AND (n_standing.until IS NULL OR n_standing.until > $now) }
  AND n.email STARTS WITH $p0
  AND EXISTS { (n)-[:STANDS]->(n_standing:Standing) WHERE n_standing.purpose = 'marketing.email' AND n_standing.lawful AND (n_standing.until IS NULL OR n_standing.until > $now) }
WITH n
ORDER BY n.id
LIMIT $p1
WITH n,
  EXISTS { (n)-[:STANDS]->(n_standing:Standing) WHERE n_standing.purpose = 'marketing.email' AND n_standing.lawful AND (n_standing.until IS NULL OR n_standing.until > $now) } AS n_rule0
RETURN {
  id: n.id,
  email: CASE WHEN n_rule0 THEN n.email ELSE '…@' + split(n.email, '@')[-1] END,
  _rule0: n_rule0
} AS row
