// Persons' records as the loader kept them.
MATCH (record:SourceRecord)
WHERE record.id IN $records AND record.kind = 'customer' AND record.canonical IS NOT NULL
RETURN {id: record.id, kind: record.kind, canonical: record.canonical} AS row
ORDER BY record.id
