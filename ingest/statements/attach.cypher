// Gives an interaction of nobody to a customer, because a person says so: machines leave it there.
MATCH (interaction:Interaction {id: $interaction})
WHERE NOT EXISTS { (interaction)<-[:HAD]-() }
MATCH (customer:Customer {id: $customer})
MATCH (decision:MatchDecision {id: $decision})
CREATE (customer)-[:HAD]->(interaction)
SET interaction.attachedBy = $decision
WITH interaction
CALL (interaction) {
  MATCH (record:SourceRecord)-[:RECORDS]->(interaction)
  SET record.resolution = 'RESOLVED', record.method = 'person', record.sourceDigest = null
}
RETURN interaction.id
