// Records that are said to be of more than one customer.
MATCH (record:SourceRecord)
WHERE COUNT { (record)-[:RESOLVES_TO]->() } > 1
RETURN count(record)
