// root: customers
// $p0: key 0 of the cursor in variable after, String
// $p1: key 1 of the cursor in variable after, String
// $p2: key 2 of the cursor in variable after, ID
// $p3: 11
CALL () {
  MATCH (n:Customer)
  USING INDEX n:Customer(email)
  WHERE n.email IS NOT NULL
    AND EXISTS { (n)-[:STANDS]->(n_standing:Standing) WHERE n_standing.purpose = 'marketing.email' AND n_standing.lawful AND (n_standing.until IS NULL OR n_standing.until > $now) }
    AND n.email >= $p0
    AND n.status IN ['ACTIVE']
    AND EXISTS { (n)-[:STANDS]->(n_standing:Standing) WHERE n_standing.purpose = $purpose AND n_standing.lawful AND (n_standing.until IS NULL OR n_standing.until > $now) }
    AND CASE WHEN $p0 IS NULL THEN (CASE WHEN EXISTS { (n)-[:STANDS]->(n_standing:Standing) WHERE n_standing.purpose = 'marketing.email' AND n_standing.lawful AND (n_standing.until IS NULL OR n_standing.until > $now) } THEN n.email ELSE null END IS NULL AND CASE WHEN $p1 IS NULL THEN (n.region IS NULL AND n.id > $p2) ELSE (n.region < $p1 OR (n.region = $p1 AND n.id > $p2) OR n.region IS NULL) END) ELSE (CASE WHEN EXISTS { (n)-[:STANDS]->(n_standing:Standing) WHERE n_standing.purpose = 'marketing.email' AND n_standing.lawful AND (n_standing.until IS NULL OR n_standing.until > $now) } THEN n.email ELSE null END > $p0 OR (CASE WHEN EXISTS { (n)-[:STANDS]->(n_standing:Standing) WHERE n_standing.purpose = 'marketing.email' AND n_standing.lawful AND (n_standing.until IS NULL OR n_standing.until > $now) } THEN n.email ELSE null END = $p0 AND CASE WHEN $p1 IS NULL THEN (n.region IS NULL AND n.id > $p2) ELSE (n.region < $p1 OR (n.region = $p1 AND n.id > $p2) OR n.region IS NULL) END) OR CASE WHEN EXISTS { (n)-[:STANDS]->(n_standing:Standing) WHERE n_standing.purpose = 'marketing.email' AND n_standing.lawful AND (n_standing.until IS NULL OR n_standing.until > $now) } THEN n.email ELSE null END IS NULL) END
  WITH n
  ORDER BY n.email, n.region IS NULL, n.region DESC, n.id
  LIMIT $p3
  RETURN collect(n) AS first
}
CALL (first) {
  UNWIND first AS n
  RETURN n
  UNION ALL
  UNWIND CASE WHEN size(first) < $p3 THEN [true] ELSE [] END AS more
  CALL (more) {
    MATCH (n:Customer)
    WHERE NOT coalesce((NOT (n.email IS NULL) AND EXISTS { (n)-[:STANDS]->(n_standing:Standing) WHERE n_standing.purpose = 'marketing.email' AND n_standing.lawful AND (n_standing.until IS NULL OR n_standing.until > $now) }), false)
      AND n.status IN ['ACTIVE']
      AND EXISTS { (n)-[:STANDS]->(n_standing:Standing) WHERE n_standing.purpose = $purpose AND n_standing.lawful AND (n_standing.until IS NULL OR n_standing.until > $now) }
      AND CASE WHEN $p0 IS NULL THEN (CASE WHEN EXISTS { (n)-[:STANDS]->(n_standing:Standing) WHERE n_standing.purpose = 'marketing.email' AND n_standing.lawful AND (n_standing.until IS NULL OR n_standing.until > $now) } THEN n.email ELSE null END IS NULL AND CASE WHEN $p1 IS NULL THEN (n.region IS NULL AND n.id > $p2) ELSE (n.region < $p1 OR (n.region = $p1 AND n.id > $p2) OR n.region IS NULL) END) ELSE (CASE WHEN EXISTS { (n)-[:STANDS]->(n_standing:Standing) WHERE n_standing.purpose = 'marketing.email' AND n_standing.lawful AND (n_standing.until IS NULL OR n_standing.until > $now) } THEN n.email ELSE null END > $p0 OR (CASE WHEN EXISTS { (n)-[:STANDS]->(n_standing:Standing) WHERE n_standing.purpose = 'marketing.email' AND n_standing.lawful AND (n_standing.until IS NULL OR n_standing.until > $now) } THEN n.email ELSE null END = $p0 AND CASE WHEN $p1 IS NULL THEN (n.region IS NULL AND n.id > $p2) ELSE (n.region < $p1 OR (n.region = $p1 AND n.id > $p2) OR n.region IS NULL) END) OR CASE WHEN EXISTS { (n)-[:STANDS]->(n_standing:Standing) WHERE n_standing.purpose = 'marketing.email' AND n_standing.lawful AND (n_standing.until IS NULL OR n_standing.until > $now) } THEN n.email ELSE null END IS NULL) END
    WITH n
    ORDER BY n.region IS NULL, n.region DESC, n.id
    LIMIT $p3
    RETURN n
  }
  RETURN n
}
WITH n,
  EXISTS { (n)-[:STANDS]->(n_standing:Standing) WHERE n_standing.purpose = 'marketing.email' AND n_standing.lawful AND (n_standing.until IS NULL OR n_standing.until > $now) } AS n_rule0
ORDER BY CASE WHEN n_rule0 THEN n.email ELSE null END, n.region IS NULL, n.region DESC, n.id
LIMIT $p3
RETURN {
  id: n.id,
  email: CASE WHEN n_rule0 THEN n.email ELSE '…@' + split(n.email, '@')[-1] END,
  region: n.region,
  _rule0: n_rule0,
  _at: [CASE WHEN n_rule0 THEN n.email ELSE null END, n.region, n.id]
} AS row
