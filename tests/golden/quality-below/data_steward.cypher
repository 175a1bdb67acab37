// root: qualityIssues
// $p0: 'OPEN', Enum
// $p1: 21
RETURN {
  rows: COLLECT {
    CALL () {
      MATCH (n:QualityIssue)
      WHERE n.raisedAt IS NOT NULL
        AND n.state = $p0
      WITH n
      ORDER BY n.raisedAt DESC, n.id
      LIMIT $p1
      RETURN collect(n) AS first
    }
    CALL (first) {
      UNWIND first AS n
      RETURN n
      UNION ALL
      UNWIND CASE WHEN size(first) < $p1 THEN [true] ELSE [] END AS more
      CALL (more) {
        MATCH (n:QualityIssue)
        WHERE n.raisedAt IS NULL
          AND n.state = $p0
        WITH n
        ORDER BY n.id
        LIMIT $p1
        RETURN n
      }
      RETURN n
    }
    WITH n
    ORDER BY n.raisedAt IS NULL, n.raisedAt DESC, n.id
    LIMIT $p1
    RETURN {
      rule: n.rule,
      system: n.system,
      attribute: n.attribute,
      dimension: n.dimension,
      least: n.least,
      value: n.value,
      raisedAt: toString(n.raisedAt)
    } AS row
  },
  total: size(COLLECT {
    MATCH (n:QualityIssue)
    WHERE n.state = $p0
    RETURN 1 AS one LIMIT 10000
  })
} AS row

// root: qualityMeasures
// $p0: 'email', String
// $p1: 'COMPLETENESS', Enum
// $p2: 51
CALL () {
  MATCH (n:QualityMeasure)
  WHERE n.at IS NOT NULL
    AND n.attribute = $p0
    AND n.dimension = $p1
  WITH n
  ORDER BY n.at DESC, n.id
  LIMIT $p2
  RETURN collect(n) AS first
}
CALL (first) {
  UNWIND first AS n
  RETURN n
  UNION ALL
  UNWIND CASE WHEN size(first) < $p2 THEN [true] ELSE [] END AS more
  CALL (more) {
    MATCH (n:QualityMeasure)
    WHERE n.at IS NULL
      AND n.attribute = $p0
      AND n.dimension = $p1
    WITH n
    ORDER BY n.id
    LIMIT $p2
    RETURN n
  }
  RETURN n
}
WITH n
ORDER BY n.at IS NULL, n.at DESC, n.id
LIMIT $p2
RETURN {
  at: toString(n.at),
  system: n.system,
  value: n.value,
  counted: n.counted
} AS row
