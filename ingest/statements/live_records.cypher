// Records of these keys that are there already: what they hold of a live customer, how new that is, and
// to whom a person attached it.
UNWIND $keys AS key
MATCH (record:SourceRecord {sourceKey: key})
RETURN {key: key, row: record.liveRow, told: record.toldAt.epochMillis, attached: head(COLLECT {
  MATCH (record)-[:RECORDS]->(thing:Interaction)<-[:HAD]-(customer:Customer)
  WHERE thing.attachedBy IS NOT NULL
  RETURN customer.sourceKey
})} AS row
