// What some customers decided through the API or had their browsers say, as `decisions_here` tells it of all.
MATCH (customer:Customer)-[:GAVE]->(made:Consent)
WHERE customer.id IN $customers AND customer.sourceKey IS NOT NULL AND (made.source = 'api' OR made.signal)
RETURN {customer: customer.sourceKey, purpose: made.purpose,
  records: coalesce(made.onRecords, []) + [coalesce(made.onRecord, made.source)],
  settles: made.settles, state: made.state,
  captured: made.capturedAt.epochMillis, expires: made.expiresAt.epochMillis,
  most: made.mostPerMonth} AS row
