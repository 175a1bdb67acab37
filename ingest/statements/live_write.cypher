// What some live events amount to, in one statement: one round trip, planned once whatever came. All of it makes or finds, so
// that twice is as good as once. Each interaction, order and case is told with whose it is. It may be planned again: on an
// empty graph relationships are sought among all of their type. Labels by value leave little by which that happens later.
CALL () {
  // What others write, too: what is there stays as it is.
  UNWIND $batch.once AS row
  MERGE (n:$(row.label) {sourceKey: row.key})
  ON CREATE SET n.id = row.prefix + '_' + replace(randomUUID(), '-', ''), n += row.once, n += row.properties,
    n.sourceDigest = row.digest
}
CALL () {
  // As `node`, with what is kept beside what the model shows.
  UNWIND $batch.nodes AS row
  MERGE (n:$(row.label) {sourceKey: row.key})
  ON CREATE SET n.id = row.prefix + '_' + replace(randomUUID(), '-', ''), n += row.once, n += row.properties,
    n.sourceDigest = row.digest
  ON MATCH SET n += CASE WHEN n.sourceDigest = row.digest THEN {} ELSE row.properties END, n.sourceDigest = row.digest
  SET n += row.kept
}
CALL () {
  // As `link`.
  UNWIND $batch.link AS row
  MATCH (a:$(row.from) {sourceKey: row.start})
  MATCH (b:$(row.to) {sourceKey: row.end})
  MERGE (a)-[r:$(row.type)]->(b)
  ON CREATE SET r += row.once
  SET r += row.properties
}
CALL () {
  // As `link_from_one`.
  UNWIND $batch.link_from_one AS row
  MATCH (a:$(row.from) {sourceKey: row.start})
  MATCH (b:$(row.to) {sourceKey: row.end})
  MERGE (a)-[r:$(row.type)]->(b)
  ON CREATE SET r += row.once
  SET r += row.properties
  WITH a, b, row.type AS type
  MATCH (a)-[old:$(type)]->(other)
  WHERE other <> b
  DELETE old
}
CALL () {
  // As `link_to_one`.
  UNWIND $batch.link_to_one AS row
  MATCH (a:$(row.from) {sourceKey: row.start})
  MATCH (b:$(row.to) {sourceKey: row.end})
  MERGE (a)-[r:$(row.type)]->(b)
  ON CREATE SET r += row.once
  SET r += row.properties
  WITH a, b, row.type AS type
  MATCH (other)-[old:$(type)]->(b)
  WHERE other <> a
  DELETE old
}
CALL () {
  // As `updated`: when a golden record last changed.
  UNWIND $batch.customers AS key
  MATCH (customer:Customer {sourceKey: key})
  USING INDEX customer:Customer(sourceKey)
  SET customer.lastInteractionAt = CASE
    WHEN customer.liveAt IS NULL OR customer.lastInteractionAt > customer.liveAt THEN customer.lastInteractionAt
    ELSE customer.liveAt END
  WITH customer
  WHERE customer.updatedDigest IS NULL OR customer.updatedDigest <> customer.sourceDigest
  SET customer.updatedAt = $batch.now, customer.updatedDigest = customer.sourceDigest
}
CALL () {
  // When customers were last in touch; a later load does not forget it.
  UNWIND $batch.touched AS row
  MATCH (customer:Customer {sourceKey: row.key})
  USING INDEX customer:Customer(sourceKey)
  SET customer.liveAt = CASE WHEN customer.liveAt > row.at THEN customer.liveAt ELSE row.at END
  SET customer.lastInteractionAt = CASE
    WHEN customer.lastInteractionAt > customer.liveAt THEN customer.lastInteractionAt ELSE customer.liveAt END
}
CALL () {
  // What the decisions of customers amount to now.
  UNWIND $batch.stands AS row
  MATCH (customer:Customer {sourceKey: row.customer})
  USING INDEX customer:Customer(sourceKey)
  MERGE (standing:Standing {sourceKey: row.customer + ':' + row.purpose})
  ON CREATE SET standing.id = 'std_' + replace(randomUUID(), '-', ''), standing.purpose = row.purpose
  MERGE (customer)-[:STANDS]->(standing)
  SET standing.lawful = row.lawful, standing.basis = row.basis, standing.until = row.until
}
CALL () {
  // As `hold_deceased`: who is said to have died is treated so until a person has read it.
  UNWIND $batch.reviews AS key
  MATCH (task:ReviewTask {sourceKey: key})
  USING INDEX task:ReviewTask(sourceKey)
  MATCH (task)-[:ASKS_ABOUT]->(customer)
  WHERE task.kind = 'DECEASED' AND task.state = 'OPEN' AND customer.status = 'ACTIVE'
  SET customer.status = 'DECEASED', task.held = true
}
UNWIND $batch.told AS row
MATCH (record:$(row.label) {sourceKey: row.key})
CALL (record) { MATCH (record)<-[:HAD|PLACED|OPENED]-(customer:Customer) RETURN customer LIMIT 1 }
RETURN {label: row.label, record: record.id, customer: customer.id} AS row
