// What was set right of a customer, beside what sources hold.
MATCH (customer:Customer {id: $customer})
SET customer.updatedAt = $now
WITH customer
UNWIND $rows AS row
CREATE (customer)-[:CORRECTED]->(made:Correction)
SET made = row, made.at = $now
RETURN made.id
