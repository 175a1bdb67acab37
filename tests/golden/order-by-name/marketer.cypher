// root: customers
// $p0: 26
CALL () {
  MATCH (n:Customer)
  USING INDEX n:Customer(name)
  WHERE n.name IS NOT NULL
    AND n.status IN ['ACTIVE']
    AND EXISTS { (n)-[:STANDS]->(n_standing:Standing) WHERE n_standing.purpose = $purpose AND n_standing.lawful AND (n_standing.until IS NULL OR n_standing.until > $now) }
    AND NOT (n.name IS NULL)
  WITH n
  ORDER BY n.name, n.id
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
    WHERE n.name IS NULL
      AND n.status IN ['ACTIVE']
      AND EXISTS { (n)-[:STANDS]->(n_standing:Standing) WHERE n_standing.purpose = $purpose AND n_standing.lawful AND (n_standing.until IS NULL OR n_standing.until > $now) }
      AND NOT (n.name IS NULL)
    WITH n
    ORDER BY n.id
    LIMIT $p0
    RETURN n
  }
  RETURN n
}
WITH n
ORDER BY n.name, n.id
LIMIT $p0
RETURN {
  id: n.id,
  name: n.name
} AS row
