// Interactions of a customer go on her own channels; when she was last in touch counts what came in through the API; her
// household has as many members as there are.
MATCH (customer:Customer) WHERE customer.id IN $customers
CALL (customer) {
  MATCH (customer)-[:HAD]->(one:Interaction)-[old:VIA]->(channel:Channel)
  WHERE NOT EXISTS { (customer)-[:REACHABLE_ON]->(channel) }
  MATCH (customer)-[:REACHABLE_ON]->(own:Channel {kind: channel.kind})
  WHERE coalesce(own.address, '') = coalesce(channel.address, '')
  CREATE (one)-[:VIA]->(own)
  DELETE old
}
CALL (customer) {
  MATCH (customer)-[:MEMBER_OF]->(household:Household)
  SET household.size = COUNT { (household)<-[:MEMBER_OF]-(:Customer) }, household.sourceDigest = null
}
CALL (customer) {
  MATCH (customer)-[:HAD]->(one:Interaction {source: 'api'})
  WITH max(one.occurredAt) AS latest
  WHERE latest IS NOT NULL AND (customer.lastInteractionAt IS NULL OR customer.lastInteractionAt < latest)
  SET customer.lastInteractionAt = latest
}
