// The golden record as a decision found it, where the sources say of it what they said then; and whether it may be worked
// with, unless somebody has said otherwise since.
MATCH (decision:MatchDecision {id: $decision})-[:FOUND]->(before:CustomerBefore)
MATCH (customer:Customer {sourceKey: before.sourceKey})
WITH customer, before, CASE WHEN customer.status = decision.status THEN before.status ELSE customer.status END AS status
CALL (customer, before) {
  WITH customer, before WHERE customer.sourceDigest = before.sourceDigest
  SET customer = properties(before)
}
SET customer.status = status
