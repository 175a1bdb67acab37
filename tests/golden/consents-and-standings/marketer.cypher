// root: customer
// $p0: variable id, ID
// $p1: 51
MATCH (n:Customer {id: $p0})
WHERE n.status IN ['ACTIVE']
  AND EXISTS { (n)-[:STANDS]->(n_standing:Standing) WHERE n_standing.purpose = $purpose AND n_standing.lawful AND (n_standing.until IS NULL OR n_standing.until > $now) }
RETURN {
  id: n.id,
  preferredChannel: n.preferredChannel,
  consents: COLLECT {
    MATCH (n)-[:GAVE]->(n_consents:Consent)
    WITH n_consents
    ORDER BY n_consents.capturedAt DESC, n_consents.id
    LIMIT $p1
    RETURN {
      purpose: n_consents.purpose,
      legalBasis: n_consents.legalBasis,
      state: n_consents.state,
      capturedAt: toString(n_consents.capturedAt),
      expiresAt: toString(n_consents.expiresAt),
      noticeVersion: n_consents.noticeVersion,
      method: n_consents.method
    } AS row
  },
  standings: COLLECT {
    MATCH (n)-[:STANDS]->(n_standings:Standing)
    WHERE n_standings.purpose = $purpose
    WITH n_standings
    ORDER BY n_standings.purpose, n_standings.id
    LIMIT $p1
    RETURN {
      purpose: n_standings.purpose,
      channel: n_standings.channel,
      lawful: n_standings.lawful,
      basis: n_standings.basis,
      until: toString(n_standings.until)
    } AS row
  }
} AS row
