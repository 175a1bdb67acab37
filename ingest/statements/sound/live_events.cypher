// Some events in the order of their keys: by which system and key they are known.
MATCH (record:SourceRecord)
WHERE record.sourceKey > $after AND record.kind = 'event'
WITH record ORDER BY record.sourceKey LIMIT $most
RETURN {place: record.sourceKey, system: record.system, key: record.recordId} AS row
