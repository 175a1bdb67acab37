// Records of a type that are older than a rule keeps them and hold what it forgets, and whether a legal hold protects them.
MATCH (n:$($label))
WHERE n[$since] < $before AND ($whole OR any(name IN $fields WHERE n[name] IS NOT NULL))
RETURN {id: n.id, held: EXISTS {
  (n)-[:$($about)]-(:Customer)<-[:HOLDS]-(hold:LegalHold) WHERE hold.releasedAt IS NULL
}} AS row
