// The signals of some customers as they are now, each found again by its key; what is not so any more goes. Each keeps of
// which records of sources it was worked out: where these are not the customer's any more, it is about somebody else.
UNWIND $rows AS row
MATCH (customer:Customer {id: row.customer, status: 'ACTIVE'})
WITH row, customer, COLLECT { MATCH (record:SourceRecord)-[:RESOLVES_TO]->(customer) RETURN record.id ORDER BY record.id } AS records
CALL (row, customer, records) {
  UNWIND row.signals AS one
  MERGE (customer)-[:SHOWS]->(signal:Signal {sourceKey: one.key})
  ON CREATE SET signal.id = 'sig_' + replace(randomUUID(), '-', '')
  SET signal += one.properties, signal.workedOutOf = records
  WITH one, signal
  CALL (one, signal) {
    MATCH (signal)-[old:OFFERS|BEGAN_WITH]->(other) WHERE NOT other.id IN one.products + one.campaigns
    DELETE old
  }
  CALL (one, signal) {
    UNWIND one.products AS id MATCH (product:Product {id: id}) MERGE (signal)-[:OFFERS]->(product)
  }
  CALL (one, signal) {
    UNWIND one.campaigns AS id MATCH (campaign:Campaign {id: id}) MERGE (signal)-[:BEGAN_WITH]->(campaign)
  }
}
WITH row, customer
CALL (row, customer) {
  MATCH (customer)-[:SHOWS]->(old:Signal) WHERE NOT old.sourceKey IN [one IN row.signals | one.key]
  DETACH DELETE old
  RETURN count(*) AS gone
}
RETURN sum(gone) AS gone
