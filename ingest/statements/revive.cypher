// Who was merged into another is a customer again, with what was hers. A restriction that came meanwhile is of both.
MATCH (revived:AbsorbedCustomer {sourceKey: $absorbed})-[into:ABSORBED_INTO]->(survivor:Customer {sourceKey: $survivor})
MATCH (decision:MatchDecision {id: into.by})
SET revived.status = CASE
  WHEN survivor.status <> decision.status AND survivor.status <> 'ACTIVE' THEN survivor.status
  ELSE revived.status END
SET revived:Customer
REMOVE revived:AbsorbedCustomer
DELETE into
WITH revived, survivor
CALL (revived, survivor) {
  MATCH (survivor)-[old:HAD|PLACED|OPENED|WAS_PROMISED|GAVE|CORRECTED|RECEIVED|HAS_IDENTITY|WORKS_FOR]->(thing)
  WHERE old.movedFrom[-1] = $absorbed
  CREATE (revived)-[moved:$(type(old))]->(thing)
  SET moved = properties(old),
    moved.movedFrom = CASE WHEN size(old.movedFrom) > 1 THEN old.movedFrom[..-1] END
  DELETE old
}
CALL (revived, survivor) {
  MATCH (survivor)<-[old:LOOKED_AT|CHANGED|ASKS_ABOUT|HOLDS|REQUESTED_BY]-(thing)
  WHERE old.movedFrom[-1] = $absorbed
  CREATE (revived)<-[moved:$(type(old))]-(thing)
  SET moved = properties(old),
    moved.movedFrom = CASE WHEN size(old.movedFrom) > 1 THEN old.movedFrom[..-1] END
  DELETE old
}
// A restriction of hers that was lifted meanwhile is lifted.
CALL (revived, survivor) {
  WITH revived, survivor
  WHERE revived.status = 'RESTRICTED' AND survivor.status <> 'RESTRICTED'
    AND EXISTS { (revived)<-[:REQUESTED_BY]-(:PrivacyRequest {kind: 'RESTRICTION', state: 'LIFTED'}) }
    AND NOT EXISTS { (revived)<-[:REQUESTED_BY]-(:PrivacyRequest {kind: 'RESTRICTION', state: 'FULFILLED'}) }
  SET revived.status = 'ACTIVE'
}
// A refusal that came in meanwhile may have been hers: it counts for both (the strictest counts).
CALL (revived, survivor) {
  MATCH (survivor)-[gave:GAVE]->(said:Consent)
  WHERE (said.source = 'api' OR said.signal) AND said.capturedAt.epochMillis > $since AND gave.movedFrom IS NULL AND said.state <> 'GIVEN'
  WITH revived, said, 'con_' + replace(randomUUID(), '-', '') AS id
  CREATE (revived)-[:GAVE]->(copy:Consent {id: id})
  SET copy += said { .*, id: id, sourceKey: 'api:' + id, onRecord: 'api:' + revived.id }
}
RETURN revived.id
