// By which rule records came to their customers, where that is another one by now.
UNWIND $rows AS row
MATCH (record:SourceRecord {sourceKey: row.place})
WHERE record.method IS NULL OR record.method <> row.method
SET record.method = row.method, record.sourceDigest = null
