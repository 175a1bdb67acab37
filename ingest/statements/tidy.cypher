// What customers do not have any more. Values and channels are set aside with the decision, and come back with it.
UNWIND $rows AS row
MATCH (customer:Customer {sourceKey: row.customer})
CALL (customer, row) {
  MATCH (customer)-[old:PROVEN_BY|REACHABLE_ON]->(derived)
  WHERE NOT derived.sourceKey IN row.derived AND NOT EXISTS { (derived)<-[:VIA]-() } AND derived.sourceKey IS NOT NULL
  MATCH (decision:MatchDecision {id: $decision})
  CREATE (decision)-[:SET_ASIDE]->(derived)
  DELETE old
}
CALL (customer, row) {
  MATCH (customer)-[old:HAS_IDENTITY]->(handle) WHERE handle.sourceKey IN row.lost
  DELETE old
}
CALL (customer, row) {
  MATCH (customer)<-[old:SERVES]-(team) WHERE NOT team.sourceKey IN row.teams
  DELETE old
}
CALL (customer, row) {
  MATCH (customer)-[old:LIVES_AT]->() WHERE NOT row.lives
  DELETE old
}
