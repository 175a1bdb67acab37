// Figures by their keys; only what changed is written.
UNWIND $rows AS row
MERGE (n:ServiceFigure {sourceKey: row.key})
ON CREATE SET n.id = 'sfg_' + replace(randomUUID(), '-', '')
WITH n, row WHERE n.value IS NULL OR n.value <> row.properties.value OR n.counted <> row.properties.counted
  OR n.customerCount <> row.properties.customerCount
SET n += row.properties
RETURN count(n) AS changed
