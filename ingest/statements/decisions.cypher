// What a customer decided on a purpose, on which records.
MATCH (:Customer {id: $customer})-[:GAVE]->(made:Consent {purpose: $purpose})
RETURN {records: coalesce(made.onRecords, []) + [coalesce(made.onRecord, made.source)], purpose: made.purpose,
  settles: made.settles, state: made.state,
  captured: made.capturedAt.epochMillis, expires: made.expiresAt.epochMillis,
  most: made.mostPerMonth, confirmable: made.confirmation IS NOT NULL} AS row
