// root: customer
// $p0: variable id, ID
// $p1: 11
// $p2: 21
MATCH (n:Customer {id: $p0})
WHERE n.status IN ['ACTIVE', 'DECEASED']
  AND (n.region IN $actor_regions OR '*' IN $actor_regions OR EXISTS { (n)<-[:SERVES]-(n_team:Team) WHERE EXISTS { (n_team)<-[:WORKS_IN]-(n_team_employee:Employee) WHERE n_team_employee.number = $actor_id } })
RETURN {
  _about: n.id,
  signals: COLLECT {
    MATCH (n)-[:SHOWS]->(n_signals:Signal)
    WHERE EXISTS { (n_signals)<-[:SHOWS]-(n_signals_customer:Customer) WHERE EXISTS { (n_signals_customer)-[:STANDS]->(n_signals_customer_standing:Standing) WHERE n_signals_customer_standing.purpose = 'operations' AND n_signals_customer_standing.lawful AND (n_signals_customer_standing.until IS NULL OR n_signals_customer_standing.until > $now) } }
      AND (n_signals.kind <> 'CROSS_SELL' OR EXISTS { (n_signals)<-[:SHOWS]-(n_signals_customer:Customer) WHERE EXISTS { (n_signals_customer)-[:STANDS]->(n_signals_customer_standing:Standing) WHERE n_signals_customer_standing.purpose = 'marketing.phone' AND n_signals_customer_standing.lawful AND (n_signals_customer_standing.until IS NULL OR n_signals_customer_standing.until > $now) } })
    WITH n_signals
    ORDER BY n_signals.kind, n_signals.id
    LIMIT $p1
    RETURN {
      kind: n_signals.kind,
      at: toString(n_signals.at),
      band: n_signals.band,
      certainty: n_signals.certainty,
      probability: n_signals.probability,
      orderProbability: n_signals.orderProbability,
      words: n_signals.words,
      cautions: n_signals.cautions,
      amount: null,
      amountEver: null,
      currency: null,
      products: COLLECT {
        MATCH (n_signals)-[:OFFERS]->(n_signals_products:Product)
        WITH n_signals_products
        ORDER BY n_signals_products.id
        LIMIT $p2
        RETURN {
          sku: n_signals_products.sku,
          name: n_signals_products.name
        } AS row
      },
      campaign: COLLECT {
        MATCH (n_signals)-[:BEGAN_WITH]->(n_signals_campaign:Campaign)
        WITH n_signals_campaign
        ORDER BY n_signals_campaign.id
        LIMIT 1
        RETURN {
          name: n_signals_campaign.name
        } AS row
      }[0]
    } AS row
  }
} AS row
