// A customer's data has to stay for a legal case.
MATCH (customer:Customer {id: $customer})
CREATE (made:LegalHold)-[:HOLDS]->(customer)
SET made = $properties
RETURN made.id
