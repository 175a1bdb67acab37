// What a rule of retention came to.
CREATE (run:RetentionRun {id: 'ret_' + replace(randomUUID(), '-', '')})
SET run += $row, run.sourceKey = run.id
RETURN run.id
