// What a decision attached is nobody's again, whosever it has become by merges since; with whose it was.
MATCH (interaction:Interaction {attachedBy: $decision})
MATCH (customer:Customer)-[had:HAD]->(interaction)
OPTIONAL MATCH (interaction)-[way:VIA]->(:Channel)
DELETE had, way
SET interaction.attachedBy = null
WITH interaction, customer.id AS was
CALL (interaction) {
  MATCH (record:SourceRecord)-[:RECORDS]->(interaction)
  SET record.resolution = 'UNATTRIBUTED', record.method = null, record.sourceDigest = null
}
RETURN was
