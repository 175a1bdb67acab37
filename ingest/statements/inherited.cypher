// What an absorbed customer has by other ways than exports goes to the one whose her records are now.
UNWIND $rows AS row
MATCH (absorbed:Customer {sourceKey: row.absorbed})
WHERE NOT EXISTS { (:SourceRecord)-[:RESOLVES_TO]->(absorbed) }
MATCH (heir:Customer {sourceKey: row.heir})
CALL (absorbed, heir) {
  MATCH (absorbed)-[:HAD]->(interaction:Interaction)
  OPTIONAL MATCH (interaction)-[via:VIA]->(channel:Channel)
  OPTIONAL MATCH (heir)-[:REACHABLE_ON]->(own:Channel {kind: channel.kind})
  WHERE own.address = channel.address OR own.address IS NULL AND channel.address IS NULL
  WITH heir, interaction, via, channel, head(collect(own)) AS own
  MERGE (heir)-[:HAD]->(interaction)
  FOREACH (found IN CASE WHEN own IS NULL THEN [] ELSE [own] END |
    DELETE via MERGE (interaction)-[:VIA]->(found))
  FOREACH (found IN CASE WHEN own IS NULL AND channel IS NOT NULL THEN [channel] ELSE [] END |
    MERGE (heir)-[:REACHABLE_ON]->(found))
}
CALL (absorbed, heir) {
  MATCH (absorbed)-[uses:HAS_IDENTITY]->(identity:Identity)
  MERGE (heir)-[made:HAS_IDENTITY]->(identity)
  ON CREATE SET made += properties(uses)
}
CALL (absorbed, heir) {
  MATCH (absorbed)-[:GAVE]->(consent:Consent)
  MERGE (heir)-[:GAVE]->(consent)
}
CALL (absorbed, heir) {
  MATCH (absorbed)-[was:OPENED|WAS_PROMISED]->(thing)
  MERGE (heir)-[:$(type(was))]->(thing)
  DELETE was
}
CALL (absorbed, heir) {
  MATCH (absorbed)-[was:RECEIVED]->(sent:Outreach) WHERE sent.sourceKey STARTS WITH 'api:'
  MERGE (heir)-[:RECEIVED]->(sent)
  DELETE was
}
CALL (absorbed, heir) {
  MATCH (absorbed)<-[was:ASKS_ABOUT]-(task:ReviewTask)
  MERGE (heir)<-[:ASKS_ABOUT]-(task)
  DELETE was
}
CALL (absorbed, heir) {
  MATCH (absorbed)<-[was:HOLDS]-(hold:LegalHold)
  MERGE (heir)<-[:HOLDS]-(hold)
  DELETE was
}
CALL (absorbed, heir) {
  MATCH (absorbed)<-[was:REQUESTED_BY]-(request:PrivacyRequest)
  MERGE (heir)<-[:REQUESTED_BY]-(request)
  DELETE was
}
CALL (absorbed, heir) {
  MATCH (absorbed)-[was:HAD|GAVE]->()
  DELETE was
}
CALL (absorbed) {
  MATCH (absorbed)-[was:REACHABLE_ON]->(channel:Channel)
  WHERE EXISTS { (:Customer)-[:REACHABLE_ON]->(channel)<-[:VIA]-() } AND COUNT { (:Customer)-[:REACHABLE_ON]->(channel) } > 1
  DELETE was
}
SET heir.status = CASE absorbed.status WHEN 'RESTRICTED' THEN 'RESTRICTED' ELSE heir.status END
SET heir.liveAt = CASE WHEN heir.liveAt > absorbed.liveAt OR absorbed.liveAt IS NULL THEN heir.liveAt
  ELSE absorbed.liveAt END
SET heir.lastInteractionAt = CASE WHEN heir.lastInteractionAt > heir.liveAt OR heir.liveAt IS NULL
  THEN heir.lastInteractionAt ELSE heir.liveAt END
