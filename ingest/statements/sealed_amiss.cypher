// Rows of some customers, and rows at some places, of which a value does not begin as what its owner's key seals does.
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
  RETURN record, customer.id AS owner
  UNION
  MATCH (record:SourceRecord) WHERE record.sourceKey IN $places
  RETURN record, coalesce(head(COLLECT {
    MATCH (record)-[:RESOLVES_TO]->(customer:Customer)
    RETURN customer.id
    UNION
    MATCH (record)-[:RECORDS]->()<-[:HAD|PLACED|OPENED|GAVE|RECEIVED]-(customer:Customer)
    RETURN customer.id
    UNION
    MATCH (record)-[:RECORDS]->()<-[:BILLED_BY|SHIPPED_BY]-()<-[:PLACED]-(customer:Customer)
    RETURN customer.id
  }), 'nobody') AS owner
}
WITH DISTINCT record, owner
WHERE any(name IN $names WHERE record[name] IS NOT NULL
  AND ($begins[owner] IS NULL OR NOT record[name] STARTS WITH $begins[owner]))
RETURN {place: record.sourceKey, owner: owner, payload: record.payload, kept: record.kept, arrival: record.arrival,
  liveRow: record.liveRow} AS row
ORDER BY row.place
