// What a decision attached is nobody's again, whosever it has become by merges since; with whose it was. What was found in
// it and no person has read yet concerns nobody again, and blocks nobody.
MATCH (interaction:Interaction {attachedBy: $decision})
MATCH (customer:Customer)-[had:HAD]->(interaction)
OPTIONAL MATCH (interaction)-[way:VIA]->(:Channel)
DELETE had, way
SET interaction.attachedBy = null
WITH interaction, customer
CALL (interaction) {
  MATCH (record:SourceRecord)-[:RECORDS]->(interaction)
  SET record.resolution = 'UNATTRIBUTED', record.method = null, record.sourceDigest = null
}
CALL (interaction, customer) {
  MATCH (interaction)<-[:FOUND_IN]-(task:ReviewTask {state: 'OPEN'})-[asks:ASKS_ABOUT]->(customer)
  DELETE asks
  SET customer.status = CASE WHEN task.held AND customer.status = 'DECEASED' AND NOT EXISTS {
    (customer)<-[:ASKS_ABOUT]-(other:ReviewTask {kind: 'DECEASED'}) WHERE other <> task AND other.state <> 'DISMISSED'
  } THEN 'ACTIVE' ELSE customer.status END
  SET task.held = null
  WITH task, customer
  MATCH (customer)-[:GAVE]->(found:Consent)
  WHERE found.onRecord = 'review:' + task.sourceKey
  DETACH DELETE found
}
RETURN customer.id
