// Interactions that persons gave to customers: whose each is now, and the records that are that customer's.
MATCH (interaction:Interaction)<-[:HAD]-(customer:Customer)
WHERE interaction.attachedBy IS NOT NULL AND customer.sourceKey IS NOT NULL
RETURN {key: interaction.sourceKey, customer: customer.sourceKey, records: COLLECT {
  MATCH (record:SourceRecord)-[:RESOLVES_TO]->(customer)
  RETURN {kind: record.kind, system: record.system, key: record.recordId}
}} AS row
