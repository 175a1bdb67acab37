// Records of people and organisations that are said to be resolved, and are nobody's.
MATCH (record:SourceRecord)
WHERE record.kind IN ['customer', 'organisation'] AND record.resolution <> 'UNATTRIBUTED'
  AND NOT EXISTS { (record)-[:RESOLVES_TO]->(:Customer) }
RETURN count(record)
