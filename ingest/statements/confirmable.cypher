// A consent that waits to be confirmed: it is the last word on its purpose, and its time is not over.
MATCH (customer:Customer)-[:GAVE]->(asked:Consent {id: $consent, state: 'REQUESTED'})
WHERE asked.confirmation IS NOT NULL AND asked.expiresAt > $now AND NOT EXISTS {
  (customer)-[:GAVE]->(later:Consent {purpose: asked.purpose})
  WHERE later.capturedAt > asked.capturedAt AND NOT coalesce(later.onRecord, '') STARTS WITH 'review:'
}
RETURN {customer: customer.id, purpose: asked.purpose, confirmation: asked.confirmation,
  noticeVersion: asked.noticeVersion, mostPerMonth: asked.mostPerMonth, until: asked.givenUntil.epochMillis} AS row
