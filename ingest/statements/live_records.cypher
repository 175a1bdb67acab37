// Records of these keys that are there already: what they hold of a live customer, and how new that is.
UNWIND $keys AS key
MATCH (record:SourceRecord {sourceKey: key})
RETURN {key: key, row: record.liveRow, told: record.toldAt.epochMillis} AS row
