// A change of what is gone names it no more; one that is about an erasure does.
UNWIND $nodes AS one
MATCH (change:Change) WHERE elementId(change) = one
  AND NOT EXISTS { (change)-[:CHANGED]->() } AND NOT EXISTS { MATCH (:ErasureReceipt {id: change.record}) }
SET change.record = null
