// root: customer
// $p0: variable id, ID
// $p1: 21
// $p2: 11
MATCH (n:Customer {id: $p0})
WHERE n.status IN ['ACTIVE', 'DECEASED']
  AND (n.region IN $actor_regions OR '*' IN $actor_regions OR EXISTS { (n)<-[:SERVES]-(n_team:Team) WHERE EXISTS { (n_team)<-[:WORKS_IN]-(n_team_employee:Employee) WHERE n_team_employee.number = $actor_id } })
WITH n,
  EXISTS { (n)-[:STANDS]->(n_standing:Standing) WHERE n_standing.purpose = $purpose AND n_standing.lawful AND (n_standing.until IS NULL OR n_standing.until > $now) } AS n_rule0,
  n.id IN $revealed_Customer_birthDate AS n_rule1,
  n.id IN $revealed_Customer_nationalId AS n_rule2
RETURN {
  id: n.id,
  kind: n.kind,
  status: n.status,
  name: n.name,
  birthDate: CASE WHEN n_rule1 THEN toString(n.birthDate) ELSE left(toString(n.birthDate), 4) END,
  email: CASE WHEN n_rule0 THEN n.email ELSE '…@' + split(n.email, '@')[-1] END,
  phone: CASE WHEN n_rule0 THEN n.phone ELSE '…' + right(n.phone, 4) END,
  region: n.region,
  segment: n.segment,
  language: n.language,
  customerSince: toString(n.customerSince),
  preferredChannel: n.preferredChannel,
  orderCount: n.orderCount,
  lastInteractionAt: toString(n.lastInteractionAt),
  lifetimeValue: null,
  balance: n.balance - ((n.balance % 10000) + 10000) % 10000,
  currency: null,
  _rule0: n_rule0,
  _rule1: n_rule1,
  _rule2: n_rule2,
  _sealed_nationalId: CASE WHEN n_rule2 THEN n.nationalId ELSE '…' + right(n.nationalIdLast4, 4) END,
  address: COLLECT {
    MATCH (n)-[:LIVES_AT]->(n_address:Address)
    WITH n_address
    ORDER BY n_address.id
    LIMIT 1
    WITH n_address,
      EXISTS { (n_address)<-[:LIVES_AT]-(n_address_customer:Customer) WHERE EXISTS { (n_address_customer)-[:STANDS]->(n_address_customer_standing:Standing) WHERE n_address_customer_standing.purpose = $purpose AND n_address_customer_standing.lawful AND (n_address_customer_standing.until IS NULL OR n_address_customer_standing.until > $now) } } AS n_address_rule0
    RETURN {
      line1: CASE WHEN n_address_rule0 THEN n_address.line1 ELSE null END,
      postalCode: CASE WHEN n_address_rule0 THEN n_address.postalCode ELSE null END,
      city: CASE WHEN n_address_rule0 THEN n_address.city ELSE null END,
      country: n_address.country,
      _rule0: n_address_rule0
    } AS row
  }[0],
  channels: COLLECT {
    MATCH (n)-[:REACHABLE_ON]->(n_channels:Channel)
    WITH n_channels
    ORDER BY n_channels.id
    LIMIT $p1
    WITH n_channels,
      n_rule0 AS n_channels_rule0
    RETURN {
      kind: n_channels.kind,
      address: CASE WHEN n_channels_rule0 THEN n_channels.address ELSE null END,
      preferred: n_channels.preferred,
      _rule0: n_channels_rule0
    } AS row
  },
  standings: COLLECT {
    MATCH (n)-[:STANDS]->(n_standings:Standing)
    WITH n_standings
    ORDER BY n_standings.id
    LIMIT $p1
    RETURN {
      purpose: n_standings.purpose,
      channel: n_standings.channel,
      lawful: n_standings.lawful,
      basis: n_standings.basis,
      until: toString(n_standings.until)
    } AS row
  },
  orders: COLLECT {
    MATCH (n)-[:PLACED]->(n_orders:Order)
    WITH n_orders
    ORDER BY n_orders.placedAt DESC, n_orders.id
    LIMIT $p2
    RETURN {
      number: n_orders.number,
      placedAt: toString(n_orders.placedAt),
      status: n_orders.status,
      total: n_orders.total,
      currency: n_orders.currency,
      products: COLLECT {
        MATCH (n_orders)-[:OF]->(n_orders_products:Product)
        WITH n_orders_products
        ORDER BY n_orders_products.id
        LIMIT $p1
        RETURN {
          sku: n_orders_products.sku,
          name: n_orders_products.name
        } AS row
      }
    } AS row
  },
  _total_orders: size(COLLECT {
    MATCH (n)-[:PLACED]->(n_orders:Order)
    RETURN 1 AS one LIMIT 10000
  }),
  cases: COLLECT {
    MATCH (n)-[:OPENED]->(n_cases:Case)
    WITH n_cases
    ORDER BY n_cases.openedAt DESC, n_cases.id
    LIMIT $p2
    RETURN {
      number: n_cases.number,
      openedAt: toString(n_cases.openedAt),
      closedAt: toString(n_cases.closedAt),
      status: n_cases.status,
      satisfaction: n_cases.satisfaction
    } AS row
  },
  _total_cases: size(COLLECT {
    MATCH (n)-[:OPENED]->(n_cases:Case)
    RETURN 1 AS one LIMIT 10000
  }),
  interactions: COLLECT {
    MATCH (n)-[:HAD]->(n_interactions:Interaction)
    WITH n_interactions
    ORDER BY n_interactions.occurredAt DESC, n_interactions.id
    LIMIT $p1
    RETURN {
      id: n_interactions.id,
      kind: n_interactions.kind,
      direction: n_interactions.direction,
      occurredAt: toString(n_interactions.occurredAt),
      _at: [toString(n_interactions.occurredAt), n_interactions.id],
      channel: COLLECT {
        MATCH (n_interactions)-[:VIA]->(n_interactions_channel:Channel)
        WHERE EXISTS { (n_interactions_channel)<-[:REACHABLE_ON]-(n_interactions_channel_customer:Customer) WHERE n_interactions_channel_customer.status IN ['ACTIVE', 'DECEASED'] AND (n_interactions_channel_customer.region IN $actor_regions OR '*' IN $actor_regions OR EXISTS { (n_interactions_channel_customer)<-[:SERVES]-(n_interactions_channel_customer_team:Team) WHERE EXISTS { (n_interactions_channel_customer_team)<-[:WORKS_IN]-(n_interactions_channel_customer_team_employee:Employee) WHERE n_interactions_channel_customer_team_employee.number = $actor_id } }) }
        WITH n_interactions_channel
        ORDER BY n_interactions_channel.id
        LIMIT 1
        RETURN {
          kind: n_interactions_channel.kind,
          _about: [(n_interactions_channel)<-[:REACHABLE_ON]-(n_interactions_channel_who:Customer) | n_interactions_channel_who.id]
        } AS row
      }[0]
    } AS row
  },
  _total_interactions: size(COLLECT {
    MATCH (n)-[:HAD]->(n_interactions:Interaction)
    RETURN 1 AS one LIMIT 10000
  })
} AS row
