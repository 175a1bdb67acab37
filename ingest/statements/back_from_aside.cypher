// What was set aside and is a customer's again is so no more; what a decision left behind that is void goes for good.
CALL () {
  MATCH (:MatchDecision)-[aside:SET_ASIDE]->(derived)<-[:PROVEN_BY|REACHABLE_ON]-(:Customer)
  WHERE derived.sourceKey IN $keys
  DELETE aside
}
CALL () {
  MATCH (decision:MatchDecision)-[:SET_ASIDE]->(derived)
  WHERE decision.id IN $void AND NOT EXISTS { (derived)<-[:PROVEN_BY|REACHABLE_ON]-() }
  DETACH DELETE derived
}
