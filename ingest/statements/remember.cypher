// The golden record as a decision found it.
MATCH (customer:Customer {sourceKey: $customer}), (decision:MatchDecision {id: $decision})
CREATE (decision)-[:FOUND]->(before:CustomerBefore)
SET before = properties(customer)
