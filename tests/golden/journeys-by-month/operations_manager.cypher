// root: journeyFlows
// $p0: '*', String
// $p1: variable stage, String
// $p2: 51
CALL () {
  MATCH (n:JourneyFlow)
  WHERE n.month IS NOT NULL
    AND n.month <> $p0
    AND n.before = $p0
    AND n.fromStage = $p1
  WITH n
  ORDER BY n.month DESC, n.toStage, n.id
  LIMIT $p2
  RETURN collect(n) AS first
}
CALL (first) {
  UNWIND first AS n
  RETURN n
  UNION ALL
  UNWIND CASE WHEN size(first) < $p2 THEN [true] ELSE [] END AS more
  CALL (more) {
    MATCH (n:JourneyFlow)
    WHERE n.month IS NULL
      AND n.month <> $p0
      AND n.before = $p0
      AND n.fromStage = $p1
    WITH n
    ORDER BY n.toStage, n.id
    LIMIT $p2
    RETURN n
  }
  RETURN n
}
WITH n
ORDER BY n.month IS NULL, n.month DESC, n.toStage, n.id
LIMIT $p2
RETURN {
  month: n.month,
  fromStage: n.fromStage,
  toStage: n.toStage,
  journeys: n.journeys,
  customers: n.customers,
  chance: n.chance,
  medianDwellHours: n.medianDwellHours,
  dropOffShare: n.dropOffShare
} AS row
