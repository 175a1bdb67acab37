// What the decisions of customers amount to now.
UNWIND $rows AS row
MATCH (customer:Customer {sourceKey: row.customer})
MERGE (standing:Standing {sourceKey: row.customer + ':' + row.purpose})
ON CREATE SET standing.id = 'std_' + replace(randomUUID(), '-', ''), standing.purpose = row.purpose
MERGE (customer)-[:STANDS]->(standing)
SET standing.lawful = row.lawful, standing.basis = row.basis, standing.until = row.until
