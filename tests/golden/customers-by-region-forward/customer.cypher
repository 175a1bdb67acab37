// root: customers
// $p0: key 0 of the cursor in variable after, String
// $p1: ['DE', 'GB', 'US'], [String]
// $p2: key 1 of the cursor in variable after, Date
// $p3: key 2 of the cursor in variable after, ID
// $p4: 11
RETURN {
  rows: COLLECT {
    CALL () {
      MATCH (n:Customer)
      WHERE n.region IS NOT NULL
        AND n.region >= $p0
        AND n.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED']
        AND n.id = $actor_id
        AND n.region IN $p1
        AND CASE WHEN $p0 IS NULL THEN (n.region IS NULL AND CASE WHEN date($p2) IS NULL THEN (n.customerSince IS NULL AND n.id > $p3) ELSE (n.customerSince < date($p2) OR (n.customerSince = date($p2) AND n.id > $p3) OR n.customerSince IS NULL) END) ELSE (n.region > $p0 OR (n.region = $p0 AND CASE WHEN date($p2) IS NULL THEN (n.customerSince IS NULL AND n.id > $p3) ELSE (n.customerSince < date($p2) OR (n.customerSince = date($p2) AND n.id > $p3) OR n.customerSince IS NULL) END) OR n.region IS NULL) END
      WITH n
      ORDER BY n.region, n.customerSince IS NULL, n.customerSince DESC, n.id
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
        WHERE n.region IS NULL
          AND n.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED']
          AND n.id = $actor_id
          AND n.region IN $p1
          AND CASE WHEN $p0 IS NULL THEN (n.region IS NULL AND CASE WHEN date($p2) IS NULL THEN (n.customerSince IS NULL AND n.id > $p3) ELSE (n.customerSince < date($p2) OR (n.customerSince = date($p2) AND n.id > $p3) OR n.customerSince IS NULL) END) ELSE (n.region > $p0 OR (n.region = $p0 AND CASE WHEN date($p2) IS NULL THEN (n.customerSince IS NULL AND n.id > $p3) ELSE (n.customerSince < date($p2) OR (n.customerSince = date($p2) AND n.id > $p3) OR n.customerSince IS NULL) END) OR n.region IS NULL) END
        WITH n
        ORDER BY n.customerSince IS NULL, n.customerSince DESC, n.id
        LIMIT $p4
        RETURN n
      }
      RETURN n
    }
    WITH n
    ORDER BY n.region, n.customerSince IS NULL, n.customerSince DESC, n.id
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
      AND n.id = $actor_id
      AND n.region IN $p1
    RETURN 1 AS one LIMIT 10000
  })
} AS row
