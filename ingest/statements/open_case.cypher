// A case of a customer. It lies with the team that is named, else with that of whoever opened it, who works on it where that
// is the team's own.
MATCH (customer:Customer {id: $customer})
CREATE (customer)-[:OPENED]->(made:Case)
SET made = $properties, made.openedAt = $now
WITH made
CALL (made) {
  MATCH (placed:Order {id: $order})
  CREATE (made)-[:CONCERNS]->(placed)
}
CALL (made) {
  MATCH (team:Team {id: $team})
  CREATE (made)-[:LIES_WITH]->(team)
}
CALL (made) {
  MATCH (employee:Employee {number: $number})
  WITH made, employee ORDER BY employee.id LIMIT 1
  WHERE $team IS NULL OR EXISTS { (employee)-[:WORKS_IN]->(:Team {id: $team}) }
  CREATE (made)-[:WORKED_BY]->(employee)
  WITH made, employee
  MATCH (employee)-[:WORKS_IN]->(team:Team)
  WHERE $team IS NULL
  WITH made, team ORDER BY team.id LIMIT 1
  CREATE (made)-[:LIES_WITH]->(team)
}
RETURN made.id
