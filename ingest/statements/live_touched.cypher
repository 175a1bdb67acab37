// When customers were last in touch; a later load does not forget it.
UNWIND $rows AS row
MATCH (customer:Customer {sourceKey: row.key})
SET customer.liveAt = CASE WHEN customer.liveAt > row.at THEN customer.liveAt ELSE row.at END
SET customer.lastInteractionAt = CASE
  WHEN customer.lastInteractionAt > customer.liveAt THEN customer.lastInteractionAt ELSE customer.liveAt END
