// Events of nobody yet that wait for one of these, in the order of their keys; not those that a person attached.
CYPHER replan=skip
CALL () {
  MATCH (record:SourceRecord) USING INDEX record:SourceRecord(waitsForUser) WHERE record.waitsForUser IN $users RETURN record
  UNION
  MATCH (record:SourceRecord) USING INDEX record:SourceRecord(waitsForDevice) WHERE record.waitsForDevice IN $devices RETURN record
  UNION
  MATCH (record:SourceRecord) USING INDEX record:SourceRecord(waitsForRecord) WHERE record.waitsForRecord IN $records RETURN record
}
WITH record WHERE record.sourceKey > $after
  AND NOT EXISTS { (record)-[:RECORDS]->(thing:Interaction) WHERE thing.attachedBy IS NOT NULL }
RETURN {key: record.sourceKey, arrival: record.arrival} AS row
ORDER BY row.key LIMIT $most
