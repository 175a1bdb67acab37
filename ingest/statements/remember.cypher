// The golden record as a decision found it, and which records made what was the customer's.
MATCH (customer:Customer {sourceKey: $customer}), (decision:MatchDecision {id: $decision})
CREATE (decision)-[:FOUND]->(before:CustomerBefore)
SET before = properties(customer), decision.status = customer.status, decision.owned = COLLECT {
  MATCH (customer)-[:HAD|PLACED|OPENED|GAVE|RECEIVED]->()<-[:RECORDS]-(record:SourceRecord)
  RETURN record.sourceKey
}
