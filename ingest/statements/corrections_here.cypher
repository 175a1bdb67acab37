// What was set right of customers of the loader: a load holds it against what the exports say.
MATCH (customer:Customer)-[:CORRECTED]->(made:Correction)
WHERE customer.sourceKey IS NOT NULL
RETURN {id: made.id, attribute: made.attribute, value: made.value, at: made.at.epochMillis, on: made.on,
  held: made.held, address: made.address, customer: customer.sourceKey} AS row
ORDER BY row.at, row.id
