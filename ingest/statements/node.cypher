// Makes the nodes of one label or finds them again; writes only what changed since the last load.
UNWIND $rows AS row
MERGE (n:$($label) {sourceKey: row.key})
ON CREATE SET n.id = $prefix + '_' + replace(randomUUID(), '-', ''), n += row.once, n += row.properties,
  n.sourceDigest = row.digest
ON MATCH SET n += CASE WHEN n.sourceDigest = row.digest THEN {} ELSE row.properties END, n.sourceDigest = row.digest
