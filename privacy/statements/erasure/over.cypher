// What had to stay of the erased, and has not any longer.
MATCH (:ErasureReceipt)-[keeps:KEEPS]->(n)
WHERE keeps.until < $now
DETACH DELETE n
