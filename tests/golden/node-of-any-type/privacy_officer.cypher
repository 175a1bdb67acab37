// root: node
// $p0: variable id, ID
MATCH (n:Consent {id: $p0})
WHERE EXISTS { (n)<-[:GAVE]-(n_customer:Customer) WHERE n_customer.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED'] }
RETURN {
  id: n.id,
  purpose: n.purpose,
  state: n.state,
  _about: [(n)<-[:GAVE]-(n_who:Customer) | n_who.id]
} AS row
