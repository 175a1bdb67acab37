// A customer asks something about her data.
MATCH (customer:Customer {id: $customer})
CREATE (made:PrivacyRequest)-[:REQUESTED_BY]->(customer)
SET made = $properties
RETURN made.id
