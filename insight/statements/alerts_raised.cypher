// What is worse than is asked: one open alert for each threshold and team.
UNWIND $rows AS row
MERGE (n:ServiceAlert {sourceKey: 'open ' + row.key})
ON CREATE SET n.id = 'sal_' + replace(randomUUID(), '-', ''), n.raisedAt = $now, n.state = 'OPEN'
SET n += row.properties
RETURN n.id
