// Whose decision a consent is.
MATCH (customer:Customer)-[:GAVE]->(:Consent {id: $consent})
RETURN customer.id
