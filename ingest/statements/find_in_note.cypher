// What was found in an interaction that was recorded here: a task for a person, and what it blocks meanwhile. Where it names
// no customer, it blocks nobody.
MATCH (interaction:Interaction {id: $interaction})
CREATE (task:ReviewTask)-[:FOUND_IN]->(interaction)
SET task = $properties
WITH task
CALL (task) {
  MATCH (customer:Customer {id: $customer})
  CREATE (task)-[:ASKS_ABOUT]->(customer)
  WITH customer
  UNWIND $blocks AS block
  CREATE (customer)-[:GAVE]->(made:Consent)
  SET made = block
}
RETURN task.id
