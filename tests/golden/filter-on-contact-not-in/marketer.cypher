// root: customers
// $p0: variable mails, [String]
// $p1: '+4930000000', String
// $p2: 11
MATCH (n:Customer)
USING INDEX n:Customer(id)
WHERE n.id IS NOT NULL
  AND n.status IN ['ACTIVE']
  AND EXISTS { (n)-[:STANDS]->(n_standing:Standing) WHERE n_standing.purpose = $purpose AND n_standing.lawful AND (n_standing.until IS NULL OR n_standing.until > $now) }
  AND NOT (size($p0) > 0 AND CASE WHEN EXISTS { (n)-[:STANDS]->(n_standing:Standing) WHERE n_standing.purpose = 'marketing.email' AND n_standing.lawful AND (n_standing.until IS NULL OR n_standing.until > $now) } THEN n.email ELSE null END IN $p0)
  AND n.phone <> $p1
  AND EXISTS { (n)-[:STANDS]->(n_standing:Standing) WHERE n_standing.purpose = 'marketing.phone' AND n_standing.lawful AND (n_standing.until IS NULL OR n_standing.until > $now) }
WITH n
ORDER BY n.id
LIMIT $p2
RETURN {
  id: n.id
} AS row
