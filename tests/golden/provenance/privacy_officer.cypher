// root: customer
// $p0: variable id, ID
// $p1: 51
MATCH (n:Customer {id: $p0})
WHERE n.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED']
RETURN {
  _about: n.id,
  provenance: COLLECT {
    MATCH (n)-[:PROVEN_BY]->(n_provenance:AttributeProvenance)
    WITH n_provenance
    ORDER BY n_provenance.attribute, n_provenance.id
    LIMIT $p1
    RETURN {
      attribute: n_provenance.attribute,
      value: n_provenance.value,
      system: n_provenance.system,
      rule: n_provenance.rule,
      chosen: n_provenance.chosen,
      observedAt: toString(n_provenance.observedAt)
    } AS row
  }
} AS row
