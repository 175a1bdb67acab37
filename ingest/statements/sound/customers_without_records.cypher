// Customers of whom no system knows. The erased have no records.
MATCH (customer:Customer)
WHERE customer.status <> 'ERASED' AND NOT EXISTS { (:SourceRecord)-[:RESOLVES_TO]->(customer) }
RETURN count(customer)
