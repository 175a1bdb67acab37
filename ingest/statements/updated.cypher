// When a golden record last changed: at this load, if it has other values than the one that was stamped. What a live
// source told of the customer since the exports were made is newer than they are.
UNWIND $keys AS key
MATCH (customer:Customer {sourceKey: key})
SET customer.lastInteractionAt = CASE
  WHEN customer.liveAt IS NULL OR customer.lastInteractionAt > customer.liveAt THEN customer.lastInteractionAt
  ELSE customer.liveAt END
WITH customer
WHERE customer.updatedDigest IS NULL OR customer.updatedDigest <> customer.sourceDigest
SET customer.updatedAt = $now, customer.updatedDigest = customer.sourceDigest
