// What the decisions of a customer on a purpose amount to now.
MATCH (customer:Customer {id: $customer})
MERGE (customer)-[:STANDS]->(standing:Standing {purpose: $purpose})
ON CREATE SET standing.id = $id, standing.sourceKey = coalesce(customer.sourceKey, customer.id) + ':' + $purpose
SET standing.lawful = $lawful, standing.basis = $basis, standing.until = $until, standing.mostPerMonth = $most
RETURN standing.id
