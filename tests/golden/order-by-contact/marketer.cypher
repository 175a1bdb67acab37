// root: customers
// $p0: 11
CALL () {
  MATCH (n:Customer)
  USING INDEX n:Customer(email)
  WHERE n.email IS NOT NULL
    AND EXISTS { (n)-[:STANDS]->(n_standing:Standing) WHERE n_standing.purpose = 'marketing.email' AND n_standing.lawful AND (n_standing.until IS NULL OR n_standing.until > $now) }
    AND n.status IN ['ACTIVE']
    AND EXISTS { (n)-[:STANDS]->(n_standing:Standing) WHERE n_standing.purpose = $purpose AND n_standing.lawful AND (n_standing.until IS NULL OR n_standing.until > $now) }
  WITH n
  ORDER BY n.email DESC, n.id
  LIMIT $p0
  RETURN collect(n) AS first
}
CALL (first) {
  UNWIND first AS n
  RETURN n
  UNION ALL
  UNWIND CASE WHEN size(first) < $p0 THEN [true] ELSE [] END AS more
  CALL (more) {
    MATCH (n:Customer)
    WHERE NOT coalesce((NOT (n.email IS NULL) AND EXISTS { (n)-[:STANDS]->(n_standing:Standing) WHERE n_standing.purpose = 'marketing.email' AND n_standing.lawful AND (n_standing.until IS NULL OR n_standing.until > $now) }), false)
      AND n.status IN ['ACTIVE']
      AND EXISTS { (n)-[:STANDS]->(n_standing:Standing) WHERE n_standing.purpose = $purpose AND n_standing.lawful AND (n_standing.until IS NULL OR n_standing.until > $now) }
    WITH n
    ORDER BY n.id
    LIMIT $p0
    RETURN n
  }
  RETURN n
}
WITH n,
  EXISTS { (n)-[:STANDS]->(n_standing:Standing) WHERE n_standing.purpose = 'marketing.email' AND n_standing.lawful AND (n_standing.until IS NULL OR n_standing.until > $now) } AS n_rule0
ORDER BY CASE WHEN n_rule0 THEN n.email ELSE null END IS NULL, CASE WHEN n_rule0 THEN n.email ELSE null END DESC, n.id
LIMIT $p0
RETURN {
  id: n.id,
  email: CASE WHEN n_rule0 THEN n.email ELSE '…@' + split(n.email, '@')[-1] END,
  _rule0: n_rule0
} AS row
