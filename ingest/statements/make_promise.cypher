// What a customer was promised: in which case, about which order, and by whom.
MATCH (customer:Customer {id: $customer})
CREATE (customer)-[:WAS_PROMISED]->(made:Promise)
SET made = $properties
WITH made
CALL (made) {
  MATCH (ticket:Case {id: $case})
  CREATE (made)-[:PROMISED_IN]->(ticket)
}
CALL (made) {
  MATCH (placed:Order {id: $order})
  CREATE (made)-[:PROMISED_FOR]->(placed)
}
CALL (made) {
  MATCH (employee:Employee {number: $number})
  WITH made, employee ORDER BY employee.id LIMIT 1
  CREATE (made)-[:PROMISED_BY]->(employee)
}
RETURN made.id
