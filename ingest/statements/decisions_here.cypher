// What customers of the loader decided through the API or a live source, or were found to say: a load counts it beside what
// the exports say.
MATCH (customer:Customer)-[:GAVE]->(made:Consent)
WHERE customer.sourceKey IS NOT NULL AND (made.source = 'api' OR made.cameLive OR made.onRecord STARTS WITH 'review:')
RETURN {customer: customer.sourceKey, purpose: made.purpose,
  records: coalesce(made.onRecords, []) + [coalesce(made.onRecord, made.source)],
  settles: made.settles, state: made.state,
  captured: made.capturedAt.epochMillis, expires: made.expiresAt.epochMillis,
  most: made.mostPerMonth} AS row
