// root: customer
// $p0: variable id, ID
// $p1: 21
MATCH (n:Customer {id: $p0})
WHERE n.status IN ['ACTIVE']
  AND EXISTS { (n)-[:STANDS]->(n_standing:Standing) WHERE n_standing.purpose = $purpose AND n_standing.lawful AND (n_standing.until IS NULL OR n_standing.until > $now) }
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
