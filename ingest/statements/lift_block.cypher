// A message says nothing of the kind: one more event by which what was found in it counts no more.
MATCH (customer:Customer {id: $customer})
CREATE (customer)-[:GAVE]->(made:Consent)
SET made = $properties, made.capturedAt = $now
RETURN made.id
