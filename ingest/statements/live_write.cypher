// What some live events amount to, in one statement: one round trip, planned once whatever came. All of it makes or finds, so
// that twice is as good as once. Each interaction, order, case and decision is told with whose it is, each finding with whom it concerns, each customer with her id, and whether earlier events wait for
// what is known now. It may be planned again: on an
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
  // Events of visitors, which is most of what comes: each with its record, whose it is and by which channel it came. Labels
  // and types stand by name here, and every node is looked up once: that takes half of what the rest takes for it, or less.
  UNWIND $batch.events AS row
  MERGE (i:Interaction {sourceKey: row.key})
  ON CREATE SET i.id = row.prefix + '_' + replace(randomUUID(), '-', ''), i += row.once, i += row.properties,
    i.sourceDigest = row.digest
  MERGE (r:SourceRecord {sourceKey: row.record.key})
  ON CREATE SET r.id = row.record.prefix + '_' + replace(randomUUID(), '-', ''), r += row.record.once,
    r += row.record.properties, r.sourceDigest = row.record.digest
  ON MATCH SET r += CASE WHEN r.sourceDigest = row.record.digest THEN {} ELSE row.record.properties END,
    r.sourceDigest = row.record.digest
  SET r += row.record.kept
  MERGE (r)-[:RECORDS]->(i)
  WITH row, i, r
  MATCH (s:SourceSystem {sourceKey: row.system})
  USING INDEX s:SourceSystem(sourceKey)
  MERGE (r)-[:FROM]->(s)
  WITH row, i
  MATCH (c:Customer {sourceKey: row.customer})
  USING INDEX c:Customer(sourceKey)
  MERGE (h:Channel {sourceKey: row.channel.key})
  ON CREATE SET h.id = row.channel.prefix + '_' + replace(randomUUID(), '-', ''), h += row.channel.once,
    h += row.channel.properties, h.sourceDigest = row.channel.digest
  MERGE (c)-[:REACHABLE_ON]->(h)
  MERGE (c)-[:HAD]->(i)
  MERGE (i)-[:VIA]->(h)
  WITH c, i, h
  CALL (c, i) { MATCH (i)<-[old:HAD]-(other) WHERE other <> c DELETE old }
  CALL (h, i) { MATCH (i)-[old:VIA]->(other) WHERE other <> h DELETE old }
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
  SET standing.lawful = row.lawful, standing.basis = row.basis, standing.until = row.until,
    standing.mostPerMonth = row.mostPerMonth
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
RETURN {
  told: COLLECT {
    UNWIND $batch.events AS row
    MATCH (record:Interaction {sourceKey: row.key})
    USING INDEX record:Interaction(sourceKey)
    CALL (record) { MATCH (record)<-[:HAD]-(customer) RETURN customer LIMIT 1 }
    RETURN {label: 'Interaction', record: record.id, customer: customer.id}
  } + COLLECT {
    UNWIND $batch.told AS row
    MATCH (record:$(row.label) {sourceKey: row.key})
    CALL (record) { MATCH (record)<-[:HAD|PLACED|OPENED|GAVE]-(customer) RETURN customer LIMIT 1 }
    RETURN {label: row.label, record: record.id, customer: customer.id}
  } + COLLECT {
    UNWIND $batch.reviews AS key
    MATCH (record:ReviewTask {sourceKey: key})
    USING INDEX record:ReviewTask(sourceKey)
    CALL (record) { OPTIONAL MATCH (record)-[:ASKS_ABOUT]->(customer) RETURN customer LIMIT 1 }
    RETURN {label: 'ReviewTask', record: record.id, customer: customer.id}
  },
  made: COLLECT {
    UNWIND $batch.customers AS key
    MATCH (customer:Customer {sourceKey: key})
    USING INDEX customer:Customer(sourceKey)
    RETURN {key: key, id: customer.id}
  },
  waits: EXISTS {
    MATCH (record:SourceRecord) USING INDEX record:SourceRecord(waitsForUser)
    WHERE record.waitsForUser IN $batch.awaited.users
  } OR EXISTS {
    MATCH (record:SourceRecord) USING INDEX record:SourceRecord(waitsForDevice)
    WHERE record.waitsForDevice IN $batch.awaited.devices
  } OR EXISTS {
    MATCH (record:SourceRecord) USING INDEX record:SourceRecord(waitsForRecord)
    WHERE record.waitsForRecord IN $batch.awaited.records
  }
} AS row
