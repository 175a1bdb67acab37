// root: customers
// $p0: key 0 of the cursor in variable after, String
// $p1: key 1 of the cursor in variable after, String
// $p2: key 2 of the cursor in variable after, ID
// $p3: 11
CALL () {
  MATCH (n:Customer)
  USING INDEX n:Customer(email)
  WHERE n.email IS NOT NULL
    AND n.email >= $p0
    AND n.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED']
    AND CASE WHEN $p0 IS NULL THEN (n.email IS NULL AND CASE WHEN $p1 IS NULL THEN (n.region IS NULL AND n.id > $p2) ELSE (n.region < $p1 OR (n.region = $p1 AND n.id > $p2) OR n.region IS NULL) END) ELSE (n.email > $p0 OR (n.email = $p0 AND CASE WHEN $p1 IS NULL THEN (n.region IS NULL AND n.id > $p2) ELSE (n.region < $p1 OR (n.region = $p1 AND n.id > $p2) OR n.region IS NULL) END) OR n.email IS NULL) END
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
    WHERE n.email IS NULL
      AND n.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED']
      AND CASE WHEN $p0 IS NULL THEN (n.email IS NULL AND CASE WHEN $p1 IS NULL THEN (n.region IS NULL AND n.id > $p2) ELSE (n.region < $p1 OR (n.region = $p1 AND n.id > $p2) OR n.region IS NULL) END) ELSE (n.email > $p0 OR (n.email = $p0 AND CASE WHEN $p1 IS NULL THEN (n.region IS NULL AND n.id > $p2) ELSE (n.region < $p1 OR (n.region = $p1 AND n.id > $p2) OR n.region IS NULL) END) OR n.email IS NULL) END
    WITH n
    ORDER BY n.region IS NULL, n.region DESC, n.id
    LIMIT $p3
    RETURN n
  }
  RETURN n
}
WITH n
ORDER BY n.email, n.region IS NULL, n.region DESC, n.id
LIMIT $p3
RETURN {
  id: n.id,
  email: n.email,
  region: n.region,
  _at: [n.email, n.region, n.id]
} AS row
