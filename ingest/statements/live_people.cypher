// Customers whom events may be about, by handle, by record or by their very name, with what is known of each.
CALL () {
  UNWIND $identities AS key
  MATCH (identity:Identity {sourceKey: key})
  CALL (identity) { MATCH (identity)<-[:HAS_IDENTITY]-(customer:Customer) RETURN customer LIMIT 61 }
  RETURN customer
  UNION
  UNWIND $records AS key
  MATCH (:SourceRecord {sourceKey: key})-[:RESOLVES_TO]->(customer:Customer)
  RETURN customer
  UNION
  UNWIND $names AS name
  CALL (name) { MATCH (customer:Customer {name: name}) RETURN customer LIMIT 61 }
  RETURN customer
}
WITH DISTINCT customer
WHERE customer.sourceKey IS NOT NULL
RETURN {key: customer.sourceKey, person: customer.kind = 'PERSON', given: customer.givenName,
  family: customer.familyName, born: toString(customer.birthDate), region: customer.region,
  identities: COLLECT {
    MATCH (customer)-[:HAS_IDENTITY]->(identity:Identity)
    RETURN {kind: identity.kind, value: identity.normalized, blocked: identity.blocked} LIMIT 1000
  },
  records: COLLECT {
    MATCH (record:SourceRecord)-[:RESOLVES_TO]->(customer)
    RETURN {system: record.system, kind: record.kind, key: record.recordId, row: record.liveRow}
  },
  proofs: COLLECT {
    MATCH (customer)-[:PROVEN_BY]->(proof:AttributeProvenance)
    RETURN {system: proof.system, key: proof.recordId, attribute: proof.attribute, value: proof.value}
  },
  decided: CASE WHEN $decided THEN COLLECT {
    MATCH (customer)-[:GAVE]->(made:Consent)
    RETURN {records: coalesce(made.onRecords, []) + [coalesce(made.onRecord, made.source)], purpose: made.purpose,
      settles: made.settles, state: made.state, captured: made.capturedAt.epochMillis, expires: made.expiresAt.epochMillis}
  } ELSE [] END} AS row
