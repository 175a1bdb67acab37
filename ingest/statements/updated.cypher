// When a golden record last changed: at this load, if it has other values than the one that was stamped.
UNWIND $keys AS key
MATCH (customer:Customer {sourceKey: key})
WHERE customer.updatedDigest IS NULL OR customer.updatedDigest <> customer.sourceDigest
SET customer.updatedAt = $now, customer.updatedDigest = customer.sourceDigest
