// Customers as live sources know them: a load takes their records along with those of exports.
MATCH (record:SourceRecord)-[:FROM]->(system:SourceSystem)
WHERE record.liveRow IS NOT NULL
RETURN {place: record.sourceKey, system: record.system, about: system.about, key: record.recordId, row: record.liveRow,
  payload: record.payload} AS row
ORDER BY row.system, row.key
