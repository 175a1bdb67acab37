// Every record of some customers as the loader kept it: their own, those of what is theirs, and who serves whom.
CALL () {
  MATCH (customer:Customer) WHERE customer.id IN $customers
  CALL (customer) {
    MATCH (record:SourceRecord)-[:RESOLVES_TO]->(customer)
    RETURN record
    UNION
    MATCH (customer)-[:HAD|PLACED|OPENED|GAVE|RECEIVED]->()<-[:RECORDS]-(record:SourceRecord)
    RETURN record
    UNION
    MATCH (customer)-[:PLACED]->()-[:BILLED_BY|SHIPPED_BY]->()<-[:RECORDS]-(record:SourceRecord)
    RETURN record
  }
  RETURN record, customer.sourceKey AS customer
  UNION
  MATCH (record:SourceRecord {kind: 'assignment'})
  RETURN record, null AS customer
}
WITH record, customer
WHERE record.forgotten IS NULL
RETURN {id: record.id, place: record.sourceKey, system: record.system, kind: record.kind, kept: record.kept,
  method: record.method, loaded: record.loadedAt.epochMillis, customer: customer,
  attached: EXISTS { (record)-[:RECORDS]->(thing:Interaction) WHERE thing.attachedBy IS NOT NULL }} AS row
ORDER BY record.sourceKey
