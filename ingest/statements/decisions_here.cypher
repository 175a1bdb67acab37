// What customers of the loader decided through the API: a load counts it beside what the exports say.
MATCH (customer:Customer)-[:GAVE]->(made:Consent {source: 'api'})
WHERE customer.sourceKey IS NOT NULL
RETURN {customer: customer.sourceKey, records: coalesce(made.onRecords, []) + [made.source], purpose: made.purpose,
  state: made.state, captured: made.capturedAt.epochMillis, expires: made.expiresAt.epochMillis} AS row
