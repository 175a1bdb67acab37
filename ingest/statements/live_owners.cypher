// Which system a node of this key is of already, where a record made it.
UNWIND $made AS made
MATCH (n:$(made.label) {sourceKey: made.key})<-[:RECORDS]-(record:SourceRecord)
RETURN DISTINCT {label: made.label, key: made.key, system: record.system} AS row
