// Some customers in the order of their ids: what they decided, and what that is said to amount to.
MATCH (customer:Customer)
WHERE customer.id > $after
WITH customer ORDER BY customer.id LIMIT $most
RETURN {id: customer.id, loaded: customer.sourceKey IS NOT NULL AND customer.status <> 'ERASED',
  decided: COLLECT {
    MATCH (customer)-[:GAVE]->(made:Consent)
    RETURN {records: coalesce(made.onRecords, []) + [coalesce(made.onRecord, made.source)], purpose: made.purpose,
      settles: made.settles, state: made.state,
      captured: made.capturedAt.epochMillis, expires: made.expiresAt.epochMillis, most: made.mostPerMonth}
  },
  stands: COLLECT {
    MATCH (customer)-[:STANDS]->(standing:Standing)
    RETURN {purpose: standing.purpose, lawful: standing.lawful, until: standing.until.epochMillis}
  }} AS row
