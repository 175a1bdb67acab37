// root: customers
// $p0: variable least, Decimal
// $p1: 11
CALL () {
  MATCH (n:Customer)
  WHERE n.lifetimeValue IS NOT NULL
    AND n.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED']
    AND n.lifetimeValue >= $p0
  WITH n
  ORDER BY n.lifetimeValue DESC, n.id
  LIMIT $p1
  RETURN collect(n) AS first
}
CALL (first) {
  UNWIND first AS n
  RETURN n
  UNION ALL
  UNWIND CASE WHEN size(first) < $p1 THEN [true] ELSE [] END AS more
  CALL (more) {
    MATCH (n:Customer)
    WHERE n.lifetimeValue IS NULL
      AND n.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED']
      AND n.lifetimeValue >= $p0
    WITH n
    ORDER BY n.id
    LIMIT $p1
    RETURN n
  }
  RETURN n
}
WITH n
ORDER BY n.lifetimeValue IS NULL, n.lifetimeValue DESC, n.id
LIMIT $p1
RETURN {
  id: n.id,
  lifetimeValue: n.lifetimeValue,
  currency: n.currency
} AS row
