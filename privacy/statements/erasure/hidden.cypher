// What no type of the model has: golden records as decisions found them, what decisions set aside, wrong answers of callers.
CALL () {
  MATCH (n:CustomerBefore) WHERE n.id IN $ids RETURN n
  UNION
  UNWIND $decisions AS decision
  MATCH (d) WHERE elementId(d) = decision
  MATCH (d)-[:FOUND|SET_ASIDE]->(n) WHERE NOT EXISTS { (n)<-[:PROVEN_BY|REACHABLE_ON]-(:Customer) }
  RETURN n
  UNION
  UNWIND $ids AS id
  MATCH (n:CallerAnswers {of: 'customer ' + id})
  RETURN n
}
RETURN {node: elementId(n), label: head(labels(n))} AS row
