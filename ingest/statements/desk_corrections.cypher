// What was set right of some customers.
MATCH (customer:Customer)-[:CORRECTED]->(made:Correction)
WHERE customer.id IN $customers
RETURN {id: made.id, attribute: made.attribute, value: made.value, at: made.at.epochMillis, on: made.on,
  held: made.held, address: made.address, customer: customer.sourceKey} AS row
ORDER BY row.at, row.id
