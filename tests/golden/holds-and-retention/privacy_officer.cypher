// root: legalHolds
// $p0: 21
CALL () {
  MATCH (n:LegalHold)
  USING INDEX n:LegalHold(placedAt)
  WHERE n.placedAt IS NOT NULL
    AND EXISTS { (n)-[:HOLDS]->(n_customer:Customer) WHERE n_customer.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED'] }
  WITH n
  ORDER BY n.placedAt DESC, n.id
  LIMIT $p0
  RETURN collect(n) AS first
}
CALL (first) {
  UNWIND first AS n
  RETURN n
  UNION ALL
  UNWIND CASE WHEN size(first) < $p0 THEN [true] ELSE [] END AS more
  CALL (more) {
    MATCH (n:LegalHold)
    WHERE n.placedAt IS NULL
      AND EXISTS { (n)-[:HOLDS]->(n_customer:Customer) WHERE n_customer.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED'] }
    WITH n
    ORDER BY n.id
    LIMIT $p0
    RETURN n
  }
  RETURN n
}
WITH n
ORDER BY n.placedAt IS NULL, n.placedAt DESC, n.id
LIMIT $p0
RETURN {
  placedAt: toString(n.placedAt),
  placedBy: n.placedBy,
  reviewOn: toString(n.reviewOn),
  releasedAt: toString(n.releasedAt),
  reason: n.reason,
  _about: [(n)-[:HOLDS]->(n_who:Customer) | n_who.id],
  customer: COLLECT {
    MATCH (n)-[:HOLDS]->(n_customer:Customer)
    WHERE n_customer.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED']
    WITH n_customer
    ORDER BY n_customer.id
    LIMIT 1
    RETURN {
      id: n_customer.id
    } AS row
  }[0]
} AS row

// root: retentionRuns
// $p0: 0, Int
// $p1: 21
CALL () {
  MATCH (n:RetentionRun)
  USING INDEX n:RetentionRun(at)
  WHERE n.at IS NOT NULL
    AND n.records > $p0
  WITH n
  ORDER BY n.at DESC, n.id
  LIMIT $p1
  RETURN collect(n) AS first
}
CALL (first) {
  UNWIND first AS n
  RETURN n
  UNION ALL
  UNWIND CASE WHEN size(first) < $p1 THEN [true] ELSE [] END AS more
  CALL (more) {
    MATCH (n:RetentionRun)
    WHERE n.at IS NULL
      AND n.records > $p0
    WITH n
    ORDER BY n.id
    LIMIT $p1
    RETURN n
  }
  RETURN n
}
WITH n
ORDER BY n.at IS NULL, n.at DESC, n.id
LIMIT $p1
RETURN {
  at: toString(n.at),
  rule: n.rule,
  records: n.records,
  held: n.held
} AS row
