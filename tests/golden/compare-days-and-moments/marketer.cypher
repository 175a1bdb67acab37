// root: customers
// $p0: variable from, Date
// $p1: variable until, DateTime
// $p2: 11
CALL () {
  MATCH (n:Customer)
  WHERE n.lastInteractionAt IS NOT NULL
    AND n.status IN ['ACTIVE']
    AND EXISTS { (n)-[:STANDS]->(n_standing:Standing) WHERE n_standing.purpose = $purpose AND n_standing.lawful AND (n_standing.until IS NULL OR n_standing.until > $now) }
    AND n.customerSince >= date($p0)
    AND n.lastInteractionAt <= datetime($p1)
  WITH n
  ORDER BY n.lastInteractionAt DESC, n.id
  LIMIT $p2
  RETURN collect(n) AS first
}
CALL (first) {
  UNWIND first AS n
  RETURN n
  UNION ALL
  UNWIND CASE WHEN size(first) < $p2 THEN [true] ELSE [] END AS more
  CALL (more) {
    MATCH (n:Customer)
    WHERE n.lastInteractionAt IS NULL
      AND n.status IN ['ACTIVE']
      AND EXISTS { (n)-[:STANDS]->(n_standing:Standing) WHERE n_standing.purpose = $purpose AND n_standing.lawful AND (n_standing.until IS NULL OR n_standing.until > $now) }
      AND n.customerSince >= date($p0)
      AND n.lastInteractionAt <= datetime($p1)
    WITH n
    ORDER BY n.id
    LIMIT $p2
    RETURN n
  }
  RETURN n
}
WITH n
ORDER BY n.lastInteractionAt IS NULL, n.lastInteractionAt DESC, n.id
LIMIT $p2
RETURN {
  id: n.id,
  customerSince: toString(n.customerSince),
  lastInteractionAt: toString(n.lastInteractionAt)
} AS row
