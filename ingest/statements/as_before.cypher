// The golden record as a decision found it, where the sources say of it what they said then.
MATCH (:MatchDecision {id: $decision})-[:FOUND]->(before:CustomerBefore)
MATCH (customer:Customer {sourceKey: before.sourceKey})
WHERE customer.sourceDigest = before.sourceDigest
SET customer = properties(before)
