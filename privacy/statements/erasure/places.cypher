// Some rows: where each is from, and what they made.
UNWIND $rows AS one
MATCH (row:SourceRecord) WHERE elementId(row) = one
RETURN {system: row.system, kind: row.kind, key: row.recordId, place: row.sourceKey} AS row
ORDER BY row.system, row.kind, row.key
