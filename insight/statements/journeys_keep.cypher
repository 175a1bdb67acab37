// The figures of journeys as they are now: what is no longer so goes, and the same again changes nothing.
CALL () {
  MATCH (n:JourneyFlow) WHERE NOT n.sourceKey IN $keys
  DETACH DELETE n
}
UNWIND $rows AS row
MERGE (n:JourneyFlow {sourceKey: row.key})
ON CREATE SET n.id = 'flw_' + replace(randomUUID(), '-', '')
SET n += row.properties
