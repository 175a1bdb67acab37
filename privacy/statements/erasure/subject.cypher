// Whom an erasure is about: whether she is erased, who was merged into her, whether a legal hold protects her.
MATCH (customer:Customer {id: $id})
RETURN {status: customer.status, held: EXISTS {
  (customer)<-[:HOLDS]-(hold:LegalHold) WHERE hold.releasedAt IS NULL
}, merged: COLLECT {
  MATCH (absorbed:AbsorbedCustomer)-[:ABSORBED_INTO*1..32]->(customer)
  RETURN absorbed.id AS id ORDER BY id
}} AS row
