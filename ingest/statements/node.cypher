// Makes the nodes of one label or finds them again; writes only what changed since the last load.
UNWIND $rows AS row
MERGE (n:«LABEL» {sourceKey: row.key})
ON CREATE SET n.id = $prefix + '_' + replace(randomUUID(), '-', ''), n += row.once
WITH n, row
WHERE n.sourceDigest IS NULL OR n.sourceDigest <> row.digest
SET n += row.properties, n.sourceDigest = row.digest
