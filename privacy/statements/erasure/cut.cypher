// What is others', too, or a fact about the work loses the way to her, and what it held that leads there.
UNWIND $nodes AS one
MATCH (n) WHERE elementId(n) = one
CALL (n) {
  MATCH (n)-[way:$($type)]-(parent) WHERE elementId(parent) IN $parents
  DELETE way
}
SET n += CASE WHEN EXISTS { MATCH (n)-[:$($type)]-() } THEN {} ELSE $nothing END
