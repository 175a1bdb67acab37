// root: node
// $p0: variable id, ID
MATCH (n:Consent {id: $p0})
WHERE EXISTS { (n)<-[:GAVE]-(n_customer:Customer) WHERE n_customer.status IN ['ACTIVE'] AND EXISTS { (n_customer)-[:STANDS]->(n_customer_standing:Standing) WHERE n_customer_standing.purpose = $purpose AND n_customer_standing.lawful AND (n_customer_standing.until IS NULL OR n_customer_standing.until > $now) } }
RETURN {
  id: n.id,
  purpose: n.purpose,
  state: n.state,
  _about: [(n)<-[:GAVE]-(n_who:Customer) | n_who.id]
} AS row
