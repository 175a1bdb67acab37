// root: customer
// $p0: variable id, ID
// $p1: 21
MATCH (n:Customer {id: $p0})
WHERE n.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED']
  AND n.id = $actor_id
RETURN {
  id: n.id,
  consents: COLLECT {
    MATCH (n)-[:GAVE]->(n_consents:Consent)
    WITH n_consents
    ORDER BY n_consents.id
    LIMIT $p1
    RETURN {
      purpose: n_consents.purpose
    } AS row
  }
} AS row
