// Decisions on who is who that do not hang together: taken back twice or by nothing, of no record, without whom they
// absorbed, or interactions that a decision attached which is not there or void.
CALL () {
  MATCH (decision:MatchDecision)
  WHERE COUNT { (decision)<-[:UNDOES]-() } > 1
    OR (decision.verdict = 'UNDONE') <> EXISTS { (decision)-[:UNDOES]->(:MatchDecision) }
    OR NOT EXISTS { (decision)-[:DECIDED]->(:SourceRecord) }
  RETURN count(decision) AS broken
}
CALL () {
  MATCH (absorbed:AbsorbedCustomer)
  OPTIONAL MATCH (absorbed)-[into:ABSORBED_INTO]->(survivor)
  WITH absorbed, count(into) AS ways, head(collect(into.by)) AS by
  WHERE ways > 1 OR ways = 1 AND NOT EXISTS { (:MatchDecision {id: by}) }
  RETURN count(absorbed) AS astray
}
CALL () {
  MATCH (interaction:Interaction) WHERE interaction.attachedBy IS NOT NULL
  OPTIONAL MATCH (decision:MatchDecision {id: interaction.attachedBy})
  WITH interaction, decision
  WHERE decision IS NULL OR EXISTS { (decision)<-[:UNDOES]-() } OR NOT EXISTS { (interaction)<-[:HAD]-(:Customer) }
  RETURN count(interaction) AS loose
}
RETURN broken + astray + loose
