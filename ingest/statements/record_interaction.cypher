// An interaction of a customer: on which of her channels, about which case and order, handled by whom, and when she was last
// in touch.
MATCH (customer:Customer {id: $customer})
CREATE (customer)-[:HAD]->(made:Interaction)
SET made = $properties, made.occurredAt = $occurredAt
SET customer.lastInteractionAt = CASE
  WHEN customer.lastInteractionAt IS NULL OR customer.lastInteractionAt < $occurredAt THEN $occurredAt
  ELSE customer.lastInteractionAt END
WITH customer, made
CALL (customer, made) {
  MATCH (customer)-[:REACHABLE_ON]->(channel:Channel {kind: $channel})
  WITH made, channel ORDER BY channel.preferred DESC, channel.id LIMIT 1
  CREATE (made)-[:VIA]->(channel)
}
CALL (made) {
  MATCH (ticket:Case {id: $case})
  CREATE (made)-[:ABOUT]->(ticket)
}
CALL (made) {
  MATCH (placed:Order {id: $order})
  CREATE (made)-[:ABOUT]->(placed)
}
CALL (made) {
  MATCH (employee:Employee {number: $number})
  WITH made, employee ORDER BY employee.id LIMIT 1
  CREATE (made)-[:HANDLED_BY]->(employee)
}
RETURN made.id
