// root: customer
// $p0: variable id, ID
// $p1: 6
MATCH (n:Customer {id: $p0})
WHERE n.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED']
RETURN {
  _sealed_nationalId: n.nationalId,
  _about: n.id,
  outreach: COLLECT {
    MATCH (n)-[:RECEIVED]->(n_outreach:Outreach)
    WITH n_outreach
    ORDER BY n_outreach.id
    LIMIT $p1
    RETURN {
      address: n_outreach.address,
      campaign: COLLECT {
        MATCH (n_outreach)-[:PART_OF_CAMPAIGN]->(n_outreach_campaign:Campaign)
        WITH n_outreach_campaign
        ORDER BY n_outreach_campaign.id
        LIMIT 1
        RETURN {} AS row
      }[0]
    } AS row
  },
  standings: COLLECT {
    MATCH (n)-[:STANDS]->(n_standings:Standing)
    WITH n_standings
    ORDER BY n_standings.id
    LIMIT $p1
    RETURN {} AS row
  }
} AS row
