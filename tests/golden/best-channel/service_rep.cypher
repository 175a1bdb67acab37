// root: customer
// $p0: variable id, ID
// $p1: 21
// $p2: 4
MATCH (n:Customer {id: $p0})
WHERE n.status IN ['ACTIVE', 'DECEASED']
  AND (n.region IN $actor_regions OR '*' IN $actor_regions OR EXISTS { (n)<-[:SERVES]-(n_team:Team) WHERE EXISTS { (n_team)<-[:WORKS_IN]-(n_team_employee:Employee) WHERE n_team_employee.number = $actor_id } })
RETURN {
  preferredChannel: n.preferredChannel,
  _about: n.id,
  channels: COLLECT {
    MATCH (n)-[:REACHABLE_ON]->(n_channels:Channel)
    WITH n_channels
    ORDER BY n_channels.preferred DESC, n_channels.id
    LIMIT $p1
    RETURN {
      kind: n_channels.kind,
      preferred: n_channels.preferred,
      interactions: COLLECT {
        MATCH (n_channels)<-[:VIA]-(n_channels_interactions:Interaction)
        WHERE EXISTS { (n_channels_interactions)<-[:HAD]-(n_channels_interactions_customer:Customer) WHERE n_channels_interactions_customer.status IN ['ACTIVE', 'DECEASED'] AND (n_channels_interactions_customer.region IN $actor_regions OR '*' IN $actor_regions OR EXISTS { (n_channels_interactions_customer)<-[:SERVES]-(n_channels_interactions_customer_team:Team) WHERE EXISTS { (n_channels_interactions_customer_team)<-[:WORKS_IN]-(n_channels_interactions_customer_team_employee:Employee) WHERE n_channels_interactions_customer_team_employee.number = $actor_id } }) }
        WITH n_channels_interactions
        ORDER BY n_channels_interactions.id
        LIMIT $p2
        RETURN {
          occurredAt: toString(n_channels_interactions.occurredAt),
          _about: [(n_channels_interactions)<-[:HAD]-(n_channels_interactions_who:Customer) | n_channels_interactions_who.id]
        } AS row
      },
      _total_interactions: size(COLLECT {
        MATCH (n_channels)<-[:VIA]-(n_channels_interactions:Interaction)
        WHERE EXISTS { (n_channels_interactions)<-[:HAD]-(n_channels_interactions_customer:Customer) WHERE n_channels_interactions_customer.status IN ['ACTIVE', 'DECEASED'] AND (n_channels_interactions_customer.region IN $actor_regions OR '*' IN $actor_regions OR EXISTS { (n_channels_interactions_customer)<-[:SERVES]-(n_channels_interactions_customer_team:Team) WHERE EXISTS { (n_channels_interactions_customer_team)<-[:WORKS_IN]-(n_channels_interactions_customer_team_employee:Employee) WHERE n_channels_interactions_customer_team_employee.number = $actor_id } }) }
        RETURN 1 AS one LIMIT 10000
      })
    } AS row
  }
} AS row
