// Whose record a merged customer is part of now.
MATCH (absorbed:AbsorbedCustomer {id: $id})-[:ABSORBED_INTO*1..32]->(survivor:Customer)
RETURN survivor.id
LIMIT 1
