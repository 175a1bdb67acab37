// Persons' records as the loader kept them.
MATCH (record:SourceRecord)
WHERE record.id IN $records AND record.kind = 'customer' AND record.kept IS NOT NULL
RETURN {id: record.id, place: record.sourceKey, kind: record.kind, kept: record.kept} AS row
ORDER BY record.id
