// By which rule records came to their customers and on what evidence, where that is another by now.
UNWIND $rows AS row
MATCH (record:SourceRecord {sourceKey: row.place})
WHERE record.method IS NULL OR record.method <> row.method OR record.evidence <> row.evidence
SET record.method = row.method, record.evidence = row.evidence, record.sourceDigest = null
