// root: customer
// $p0: variable id, ID
// $p1: 6
MATCH (n:Customer {id: $p0})
WHERE n.status IN ['ACTIVE']
  AND EXISTS { (n)-[:STANDS]->(n_standing:Standing) WHERE n_standing.purpose = $purpose AND n_standing.lawful AND (n_standing.until IS NULL OR n_standing.until > $now) }
WITH n,
  EXISTS { (n)-[:STANDS]->(n_standing:Standing) WHERE n_standing.purpose = 'marketing.email' AND n_standing.lawful AND (n_standing.until IS NULL OR n_standing.until > $now) } AS n_rule0,
  EXISTS { (n)-[:STANDS]->(n_standing:Standing) WHERE n_standing.purpose = 'marketing.phone' AND n_standing.lawful AND (n_standing.until IS NULL OR n_standing.until > $now) } AS n_rule1
RETURN {
  _rule0: n_rule0,
  _rule1: n_rule1,
  _about: n.id,
  outreach: COLLECT {
    MATCH (n)-[:RECEIVED]->(n_outreach:Outreach)
    WITH n_outreach
    ORDER BY n_outreach.id
    LIMIT $p1
    RETURN {
      address: null,
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
    WHERE n_standings.purpose = $purpose
    WITH n_standings
    ORDER BY n_standings.id
    LIMIT $p1
    RETURN {} AS row
  }
} AS row
