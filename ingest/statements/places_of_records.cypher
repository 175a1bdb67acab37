// By what the loader knows records.
MATCH (record:SourceRecord) WHERE record.id IN $records AND record.sourceKey IS NOT NULL
RETURN record.sourceKey
