// Rows that are nobody's and name a handle of hers, or wait for her; and what they made, which is nobody's either.
MATCH (row:SourceRecord)
WHERE NOT EXISTS { (row)-[:RESOLVES_TO]->() }
  AND NOT EXISTS { MATCH (row)-[:RECORDS]->()-[owns]-() WHERE type(owns) IN $owning }
  AND (row.waitsForUser IN $users OR row.waitsForDevice IN $devices OR row.waitsForRecord IN $places
    OR any(word IN $words WHERE toLower(row.payload) CONTAINS word))
RETURN {row: elementId(row), things: COLLECT {
  MATCH (row)-[:RECORDS]->(thing)
  RETURN {node: elementId(thing), label: head(labels(thing))}
}} AS row
