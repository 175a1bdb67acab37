// What is below a threshold, one open issue for each threshold and system.
UNWIND $rows AS row
MERGE (n:QualityIssue {sourceKey: 'open ' + row.key})
ON CREATE SET n.id = 'qis_' + replace(randomUUID(), '-', ''), n.raisedAt = $now, n.state = 'OPEN'
SET n += row.properties
