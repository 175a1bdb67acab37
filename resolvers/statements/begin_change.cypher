// Remembers a change before it is made, or finds the one that was made under the same key.
MERGE (change:Change {sourceKey: $key})
ON CREATE SET change += $properties
RETURN {fresh: change.id = $id, record: change.record, digest: change.inputDigest} AS row
