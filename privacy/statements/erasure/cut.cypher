// What is others', too, or a fact about the work loses the way to her, and what it held that leads there. In one transaction,
// for what has no way to her any more is not found again: a household has as many members as there are, and a change of what
// is gone names it no more, unless it is about an erasure.
UNWIND $nodes AS one
MATCH (n) WHERE elementId(n) = one
CALL (n) {
  MATCH (n)-[way:$($type)]-(parent) WHERE elementId(parent) IN $parents
  DELETE way
}
WITH n, EXISTS { MATCH (n)-[:$($type)]-() } AS others
SET n += CASE WHEN others THEN {} ELSE $nothing END
SET n += CASE WHEN n:Household THEN {size: COUNT { (n)<-[:MEMBER_OF]-(:Customer) }, sourceDigest: null} ELSE {} END
SET n += CASE
  WHEN n:Change AND NOT others AND NOT EXISTS { MATCH (:ErasureReceipt {id: n.record}) } THEN {record: null}
  ELSE {} END
