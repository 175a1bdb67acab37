// One customer becomes part of another. What is hers is the survivor's from now on; each relationship remembers where
// it was, so that it can go back. What was derived for her alone stays with her, whom no view of the graph shows.
MATCH (absorbed:Customer {sourceKey: $absorbed})
MATCH (survivor:Customer {sourceKey: $survivor})
CALL (absorbed, survivor) {
  MATCH (absorbed)-[old:HAD|PLACED|OPENED|WAS_PROMISED|GAVE|CORRECTED|RECEIVED|HAS_IDENTITY|WORKS_FOR]->(thing)
  WHERE NOT EXISTS { (survivor)-[same]->(thing) WHERE type(same) = type(old) }
    AND (type(old) <> 'WORKS_FOR' OR NOT EXISTS { (survivor)-[:WORKS_FOR]->() })
  CREATE (survivor)-[moved:$(type(old))]->(thing)
  SET moved = properties(old),
    moved.movedFrom = CASE WHEN $journal THEN coalesce(old.movedFrom, []) + [$absorbed] ELSE old.movedFrom END
  DELETE old
}
CALL (absorbed, survivor) {
  MATCH (absorbed)<-[old:RESOLVES_TO|LOOKED_AT|CHANGED|ASKS_ABOUT|HOLDS|REQUESTED_BY]-(thing)
  WHERE NOT EXISTS { (survivor)<-[same]-(thing) WHERE type(same) = type(old) }
  CREATE (survivor)<-[moved:$(type(old))]-(thing)
  SET moved = properties(old),
    moved.movedFrom = CASE
      WHEN $journal AND type(old) <> 'RESOLVES_TO' THEN coalesce(old.movedFrom, []) + [$absorbed]
      ELSE old.movedFrom END
  DELETE old
}
SET survivor.status = CASE
  WHEN 'RESTRICTED' IN [survivor.status, absorbed.status] THEN 'RESTRICTED'
  WHEN 'DECEASED' IN [survivor.status, absorbed.status] THEN 'DECEASED'
  ELSE survivor.status END
SET absorbed:AbsorbedCustomer
REMOVE absorbed:Customer
CREATE (absorbed)-[:ABSORBED_INTO {by: $by}]->(survivor)
WITH absorbed, survivor
CALL (survivor) {
  MATCH (decision:MatchDecision {id: $by})
  SET decision.status = survivor.status
}
WITH absorbed
MATCH (absorbed)-[:MEMBER_OF]->(household:Household)
SET household.size = COUNT { (household)<-[:MEMBER_OF]-(:Customer) }, household.sourceDigest = null
