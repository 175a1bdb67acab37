// Something was sent to a customer, who is locked: when, on which channel, for what, and of which campaign.
MATCH (customer:Customer {id: $customer})
CREATE (customer)-[:RECEIVED]->(made:Outreach)
SET made = $properties, made.sentAt = $sentAt
WITH made
CALL (made) {
  MATCH (campaign:Campaign {id: $campaign})
  CREATE (made)-[:PART_OF_CAMPAIGN]->(campaign)
}
RETURN made.id
