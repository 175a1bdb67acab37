// Delays of suppliers, made or found by supplier; those gone that are no more.
CALL () {
  MATCH (old:SupplierDelay) WHERE NOT old.sourceKey IN [row IN $rows | row.supplier]
  DETACH DELETE old
}
UNWIND $rows AS row
MATCH (s:Supplier {id: row.supplier})
MERGE (n:SupplierDelay {sourceKey: row.supplier})
ON CREATE SET n.id = 'sdl_' + replace(randomUUID(), '-', '')
SET n += row.properties
MERGE (n)-[:BY_SUPPLIER]->(s)
WITH n, row
CALL (n, row) {
  MATCH (n)-[r:DELAYED]->(o) WHERE NOT o.id IN row.orders
  DELETE r
}
CALL (n, row) { UNWIND row.orders AS id MATCH (o:Order {id: id}) MERGE (n)-[:DELAYED]->(o) }
RETURN count(*) AS kept
