// What a load measured, once for each delivery: the same exports again take the place of what they gave before.
UNWIND $rows AS row
MERGE (n:QualityMeasure {sourceKey: row.key})
ON CREATE SET n.id = 'qlt_' + replace(randomUUID(), '-', '')
SET n += row.properties
