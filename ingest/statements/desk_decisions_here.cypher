// What some customers decided through the API, as `decisions_here` tells it of all.
MATCH (customer:Customer)-[:GAVE]->(made:Consent {source: 'api'})
WHERE customer.id IN $customers AND customer.sourceKey IS NOT NULL
RETURN {customer: customer.sourceKey, purpose: made.purpose,
  records: coalesce(made.onRecords, []) + [coalesce(made.onRecord, made.source)],
  settles: made.settles, state: made.state,
  captured: made.capturedAt.epochMillis, expires: made.expiresAt.epochMillis} AS row
