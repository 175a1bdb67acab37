// Who was merged into a customer, by which decision and when, with those of her records that are the customer's now.
MATCH (absorbed:AbsorbedCustomer)-[into:ABSORBED_INTO]->(customer:Customer {id: $customer})
MATCH (decision:MatchDecision {id: into.by})
RETURN {key: absorbed.sourceKey, by: into.by, at: decision.at.epochMillis, owned: decision.owned, records: COLLECT {
  MATCH (decision)-[:DECIDED {customer: absorbed.sourceKey}]->(record:SourceRecord)-[:RESOLVES_TO]->(customer)
  RETURN record.id
}} AS row
ORDER BY decision.at DESC, absorbed.sourceKey
