// Rows that came in since a day before an erasure began: a load may have been under way.
MATCH (row:SourceRecord)
WHERE row.loadedAt >= $since AND row.sourceKey IS NOT NULL
RETURN {row: elementId(row), place: row.sourceKey, customer: COLLECT {
  MATCH (row)-[:RESOLVES_TO]->(customer:Customer) RETURN customer.id
}[0]} AS row
