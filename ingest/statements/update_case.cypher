// What is said of a case. One that is closed has a moment at which it was; one that is open again has none.
MATCH (ticket:Case {id: $case})
SET ticket.closedAt = CASE
  WHEN $properties.status IS NULL THEN ticket.closedAt
  WHEN $properties.status <> 'closed' THEN null
  ELSE coalesce(ticket.closedAt, $now) END
SET ticket += $properties
WITH ticket
MATCH (customer:Customer)-[:OPENED]->(ticket)
RETURN {customer: customer.id, number: ticket.number} AS row
