// What was worked out of other records than are the customer's now goes: it may be about somebody else.
MATCH (signal:Signal)<-[:SHOWS]-(customer:Customer)
WHERE ($customers IS NULL OR customer.id IN $customers)
  AND signal.workedOutOf <> COLLECT {
    MATCH (record:SourceRecord)-[:RESOLVES_TO]->(customer) RETURN record.id ORDER BY record.id
  }
DETACH DELETE signal
