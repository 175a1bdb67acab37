// Makes nodes of one label that are not there yet; what is there stays as it is.
UNWIND $rows AS row
MERGE (n:$($label) {sourceKey: row.key})
ON CREATE SET n.id = $prefix + '_' + replace(randomUUID(), '-', ''), n += row.once, n += row.properties,
  n.sourceDigest = row.digest
