// root: node
// $p0: variable id, ID
MATCH (n:Consent {id: $p0})
WHERE EXISTS { (n)<-[:GAVE]-(n_customer:Customer) WHERE n_customer.status IN ['ACTIVE', 'DECEASED'] AND (n_customer.region IN $actor_regions OR '*' IN $actor_regions OR EXISTS { (n_customer)<-[:SERVES]-(n_customer_team:Team) WHERE EXISTS { (n_customer_team)<-[:WORKS_IN]-(n_customer_team_employee:Employee) WHERE n_customer_team_employee.number = $actor_id } }) }
RETURN {
  id: n.id,
  purpose: n.purpose,
  state: n.state,
  _about: [(n)<-[:GAVE]-(n_who:Customer) | n_who.id]
} AS row
