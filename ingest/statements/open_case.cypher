// A case of a customer; whoever opened it works on it, and it lies with that employee's team.
MATCH (customer:Customer {id: $customer})
CREATE (customer)-[:OPENED]->(made:Case)
SET made = $properties, made.openedAt = $now
WITH made
CALL (made) {
  MATCH (employee:Employee {number: $number})
  WITH made, employee ORDER BY employee.id LIMIT 1
  CREATE (made)-[:WORKED_BY]->(employee)
  WITH made, employee
  MATCH (employee)-[:WORKS_IN]->(team:Team)
  WITH made, team ORDER BY team.id LIMIT 1
  CREATE (made)-[:LIES_WITH]->(team)
}
RETURN made.id
