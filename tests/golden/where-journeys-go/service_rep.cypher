// root: journeyFlows
// $p0: '*', String
// $p1: variable stage, String
// $p2: 51
MATCH (n:JourneyFlow)
WHERE n.month = $p0
  AND n.segment = $p0
  AND n.channel = $p0
  AND n.before = $p0
  AND n.fromStage = $p1
WITH n
ORDER BY n.journeys IS NULL, n.journeys DESC, n.id
LIMIT $p2
RETURN {
  fromStage: n.fromStage,
  toStage: n.toStage,
  journeys: n.journeys,
  customers: n.customers,
  chance: n.chance,
  medianDwellHours: n.medianDwellHours,
  dropOffShare: n.dropOffShare
} AS row
