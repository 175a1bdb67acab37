// root: customers
// $p0: ['DE', 'GB', 'US'], [String]
// $p1: key 0 of the cursor in variable after, String
// $p2: key 1 of the cursor in variable after, Date
// $p3: key 2 of the cursor in variable after, ID
// $p4: 11
RETURN {
  rows: COLLECT {
    MATCH (n:Customer)
    WHERE n.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED']
      AND n.region IN $p0
      AND CASE WHEN $p1 IS NULL THEN (n.region IS NULL AND CASE WHEN date($p2) IS NULL THEN ((n.customerSince IS NULL AND n.id > $p3) OR NOT (n.customerSince IS NULL)) ELSE (n.customerSince < date($p2) OR (n.customerSince = date($p2) AND n.id > $p3)) END) ELSE (n.region > $p1 OR (n.region = $p1 AND CASE WHEN date($p2) IS NULL THEN ((n.customerSince IS NULL AND n.id > $p3) OR NOT (n.customerSince IS NULL)) ELSE (n.customerSince < date($p2) OR (n.customerSince = date($p2) AND n.id > $p3)) END) OR n.region IS NULL) END
    WITH n
    ORDER BY n.region, n.customerSince DESC, n.id
    LIMIT $p4
    RETURN {
      id: n.id,
      region: n.region,
      customerSince: toString(n.customerSince),
      _at: [n.region, toString(n.customerSince), n.id]
    } AS row
  },
  total: size(COLLECT {
    MATCH (n:Customer)
    WHERE n.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED']
      AND n.region IN $p0
    RETURN 1 AS one LIMIT 10000
  })
} AS row
