// Rows that are nobody's, page by page: whether each waits for her, and what it says, sealed as it stands.
MATCH (row:SourceRecord)
WHERE row.sourceKey > $after
  AND NOT EXISTS { (row)-[:RESOLVES_TO]->() }
  AND NOT EXISTS { MATCH (row)-[:RECORDS]->()-[owns]-() WHERE type(owns) IN $owning }
WITH row ORDER BY row.sourceKey LIMIT $most
RETURN {row: elementId(row), place: row.sourceKey, payload: row.payload,
  waits: row.waitsForUser IN $users OR row.waitsForDevice IN $devices OR row.waitsForRecord IN $places} AS row
