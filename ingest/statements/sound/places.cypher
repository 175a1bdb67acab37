// The places of some rows, in their order.
MATCH (record:SourceRecord)
WHERE record.sourceKey > $after
WITH record ORDER BY record.sourceKey LIMIT $most
RETURN record.sourceKey
