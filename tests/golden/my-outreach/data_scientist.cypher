// root: customer
// $p0: variable id, ID
// $p1: 21
MATCH (n:Customer {id: $p0})
WHERE n.status IN ['ACTIVE', 'DECEASED']
  AND EXISTS { (n)-[:STANDS]->(n_standing:Standing) WHERE n_standing.purpose = $purpose AND n_standing.lawful AND (n_standing.until IS NULL OR n_standing.until > $now) }
RETURN {
  _about: n.id,
  outreach: COLLECT {
    MATCH (n)-[:RECEIVED]->(n_outreach:Outreach)
    WITH n_outreach
    ORDER BY n_outreach.sentAt DESC, n_outreach.id
    LIMIT $p1
    RETURN {
      sentAt: toString(n_outreach.sentAt),
      channel: n_outreach.channel,
      purpose: n_outreach.purpose,
      delivered: n_outreach.delivered,
      opened: n_outreach.opened,
      converted: n_outreach.converted,
      campaign: COLLECT {
        MATCH (n_outreach)-[:PART_OF_CAMPAIGN]->(n_outreach_campaign:Campaign)
        WITH n_outreach_campaign
        ORDER BY n_outreach_campaign.id
        LIMIT 1
        RETURN {
          name: n_outreach_campaign.name
        } AS row
      }[0]
    } AS row
  }
} AS row
