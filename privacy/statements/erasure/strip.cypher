// What stays keeps the fields that it has to, and no way to anybody. What stays of one erasure hangs together as before.
MATCH (receipt:ErasureReceipt {id: $receipt})-[keeps:KEEPS]->(n)
CALL (n, receipt) {
  MATCH (n)-[way]-(other)
  WHERE other <> receipt AND NOT EXISTS { (receipt)-[:KEEPS]->(other) }
  DELETE way
}
WITH n, keeps, n { .* } AS said
SET n = {id: said.id}
FOREACH (name IN [name IN keys(said) WHERE name IN keeps.fields] | SET n[name] = said[name])
RETURN count(*)
