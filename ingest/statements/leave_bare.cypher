// Of a customer that a decision made and another took back only the id stays, so that nobody else gets it.
MATCH (absorbed:AbsorbedCustomer {sourceKey: $absorbed})
OPTIONAL MATCH (absorbed)-[:STANDS|REACHABLE_ON|PROVEN_BY|SHOWS]->(derived)
DETACH DELETE derived
WITH DISTINCT absorbed
CALL (absorbed) {
  MATCH (absorbed)-[other]-() WHERE type(other) <> 'ABSORBED_INTO'
  DELETE other
}
WITH absorbed, absorbed.id AS id, absorbed.sourceKey AS key
SET absorbed = {id: id, sourceKey: key}
