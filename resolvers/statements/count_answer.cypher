// One more answer of a caller: the wrong ones of the last minutes, of this viewer and about this customer. What is
// matched makes no difference to what is read and written, except one moment in two lists.
MERGE (viewer:CallerAnswers {of: $viewer})
ON CREATE SET viewer.wrongAt = []
MERGE (customer:CallerAnswers {of: $customer})
ON CREATE SET customer.wrongAt = []
SET viewer.of = viewer.of, customer.of = customer.of
WITH viewer, customer, datetime() AS now
WITH viewer, customer, now, now - duration({minutes: $minutes}) AS since
WITH viewer, customer, now,
  [at IN viewer.wrongAt WHERE at > since] AS ofViewer,
  [at IN customer.wrongAt WHERE at > since] AS ofCustomer
WITH viewer, customer, now, ofViewer, ofCustomer,
  [at IN [ofViewer[-$mostOfViewer], ofCustomer[-$mostOfCustomer]] WHERE at IS NOT NULL] AS full
WITH viewer, customer, full, ofViewer, ofCustomer, now,
  CASE WHEN size(full) > 0 OR $matched THEN [] ELSE [now] END AS more
SET viewer.wrongAt = ofViewer + more, customer.wrongAt = ofCustomer + more
RETURN {
  refused: size(full) > 0,
  seconds: reduce(most = 1, at IN full | CASE
    WHEN at.epochSeconds + 60 * $minutes - now.epochSeconds > most
    THEN at.epochSeconds + 60 * $minutes - now.epochSeconds ELSE most END)
} AS row
