// root: customers
// $p0: ['DE', 'GB', 'US'], [String]
// $p1: key 0 of the cursor in variable before, String
// $p2: key 1 of the cursor in variable before, Date
// $p3: key 2 of the cursor in variable before, ID
// $p4: 11
CALL () {
  MATCH (n:Customer)
  WHERE n.region IS NULL
    AND n.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED']
    AND n.region IN $p0
    AND CASE WHEN $p1 IS NULL THEN ((n.region IS NULL AND CASE WHEN date($p2) IS NULL THEN ((n.customerSince IS NULL AND n.id < $p3) OR NOT (n.customerSince IS NULL)) ELSE (n.customerSince > date($p2) OR (n.customerSince = date($p2) AND n.id < $p3)) END) OR NOT (n.region IS NULL)) ELSE (n.region < $p1 OR (n.region = $p1 AND CASE WHEN date($p2) IS NULL THEN ((n.customerSince IS NULL AND n.id < $p3) OR NOT (n.customerSince IS NULL)) ELSE (n.customerSince > date($p2) OR (n.customerSince = date($p2) AND n.id < $p3)) END)) END
  WITH n
  ORDER BY n.customerSince IS NULL DESC, n.customerSince, n.id DESC
  LIMIT $p4
  RETURN collect(n) AS first
}
CALL (first) {
  UNWIND first AS n
  RETURN n
  UNION ALL
  UNWIND CASE WHEN size(first) < $p4 THEN [true] ELSE [] END AS more
  CALL (more) {
    MATCH (n:Customer)
    WHERE n.region IS NOT NULL
      AND n.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED']
      AND n.region IN $p0
      AND CASE WHEN $p1 IS NULL THEN ((n.region IS NULL AND CASE WHEN date($p2) IS NULL THEN ((n.customerSince IS NULL AND n.id < $p3) OR NOT (n.customerSince IS NULL)) ELSE (n.customerSince > date($p2) OR (n.customerSince = date($p2) AND n.id < $p3)) END) OR NOT (n.region IS NULL)) ELSE (n.region < $p1 OR (n.region = $p1 AND CASE WHEN date($p2) IS NULL THEN ((n.customerSince IS NULL AND n.id < $p3) OR NOT (n.customerSince IS NULL)) ELSE (n.customerSince > date($p2) OR (n.customerSince = date($p2) AND n.id < $p3)) END)) END
    WITH n
    ORDER BY n.region DESC, n.customerSince IS NULL DESC, n.customerSince, n.id DESC
    LIMIT $p4
    RETURN n
  }
  RETURN n
}
WITH n
ORDER BY n.region DESC, n.customerSince IS NULL DESC, n.customerSince, n.id DESC
LIMIT $p4
RETURN {
  id: n.id,
  region: n.region,
  customerSince: toString(n.customerSince),
  _at: [n.region, toString(n.customerSince), n.id]
} AS row
