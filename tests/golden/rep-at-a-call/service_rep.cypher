// root: customer
// $p0: variable id, ID
// $p1: 'DEVICE', Enum
// $p2: 11
// $p3: 'customer', String
// $p4: True, Boolean
// $p5: 'OPEN', Enum
// $p6: 6
// $p7: 3
// $p8: 4
// $p9: ['service.messages', 'marketing.email', 'marketing.phone', 'analytics', 'sharing'], [String]
// $p10: 21
// $p11: ['CALL', 'CHAT', 'EMAIL', 'VISIT'], [Enum]
// $p12: 'OPEN', Enum
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
  lastInteractionAt: toString(n.lastInteractionAt),
  balance: n.balance - ((n.balance % 10000) + 10000) % 10000,
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
  identities: COLLECT {
    MATCH (n)-[:HAS_IDENTITY]->(n_identities:Identity)
    WHERE n_identities.kind <> $p1
    WITH n_identities
    ORDER BY n_identities.kind, n_identities.id
    LIMIT $p2
    WITH n_identities,
      EXISTS { (n_identities)<-[:HAS_IDENTITY]-(n_identities_customer:Customer) WHERE EXISTS { (n_identities_customer)-[:STANDS]->(n_identities_customer_standing:Standing) WHERE n_identities_customer_standing.purpose = $purpose AND n_identities_customer_standing.lawful AND (n_identities_customer_standing.until IS NULL OR n_identities_customer_standing.until > $now) } } AS n_identities_rule0
    RETURN {
      kind: n_identities.kind,
      value: CASE WHEN n_identities_rule0 THEN n_identities.value ELSE null END,
      blocked: n_identities.blocked,
      _rule0: n_identities_rule0
    } AS row
  },
  sourceRecords: COLLECT {
    MATCH (n)<-[:RESOLVES_TO]-(n_sourceRecords:SourceRecord)
    WHERE n_sourceRecords.kind = $p3
    WITH n_sourceRecords
    ORDER BY n_sourceRecords.system, n_sourceRecords.id
    LIMIT $p2
    RETURN {
      system: n_sourceRecords.system,
      recordId: n_sourceRecords.recordId,
      resolution: n_sourceRecords.resolution
    } AS row
  },
  provenance: COLLECT {
    MATCH (n)-[:PROVEN_BY]->(n_provenance:AttributeProvenance)
    WHERE n_provenance.chosen = $p4
    WITH n_provenance
    ORDER BY n_provenance.attribute, n_provenance.id
    LIMIT $p2
    RETURN {
      attribute: n_provenance.attribute,
      system: n_provenance.system,
      rule: n_provenance.rule,
      observedAt: toString(n_provenance.observedAt)
    } AS row
  },
  promises: COLLECT {
    MATCH (n)-[:WAS_PROMISED]->(n_promises:Promise)
    WHERE n_promises.state = $p5
    WITH n_promises
    ORDER BY n_promises.dueAt, n_promises.id
    LIMIT $p2
    WITH n_promises,
      n_rule0 AS n_promises_rule0
    RETURN {
      id: n_promises.id,
      what: CASE WHEN n_promises_rule0 THEN n_promises.what ELSE null END,
      madeAt: toString(n_promises.madeAt),
      dueAt: toString(n_promises.dueAt),
      _rule0: n_promises_rule0,
      case: COLLECT {
        MATCH (n_promises)-[:PROMISED_IN]->(n_promises_case:Case)
        WHERE EXISTS { (n_promises_case)<-[:OPENED]-(n_promises_case_customer:Customer) WHERE n_promises_case_customer.status IN ['ACTIVE', 'DECEASED'] AND (n_promises_case_customer.region IN $actor_regions OR '*' IN $actor_regions OR EXISTS { (n_promises_case_customer)<-[:SERVES]-(n_promises_case_customer_team:Team) WHERE EXISTS { (n_promises_case_customer_team)<-[:WORKS_IN]-(n_promises_case_customer_team_employee:Employee) WHERE n_promises_case_customer_team_employee.number = $actor_id } }) }
        WITH n_promises_case
        ORDER BY n_promises_case.id
        LIMIT 1
        RETURN {
          number: n_promises_case.number,
          _about: [(n_promises_case)<-[:OPENED]-(n_promises_case_who:Customer) | n_promises_case_who.id]
        } AS row
      }[0],
      order: COLLECT {
        MATCH (n_promises)-[:PROMISED_FOR]->(n_promises_order:Order)
        WHERE EXISTS { (n_promises_order)<-[:PLACED]-(n_promises_order_customer:Customer) WHERE n_promises_order_customer.status IN ['ACTIVE', 'DECEASED'] AND (n_promises_order_customer.region IN $actor_regions OR '*' IN $actor_regions OR EXISTS { (n_promises_order_customer)<-[:SERVES]-(n_promises_order_customer_team:Team) WHERE EXISTS { (n_promises_order_customer_team)<-[:WORKS_IN]-(n_promises_order_customer_team_employee:Employee) WHERE n_promises_order_customer_team_employee.number = $actor_id } }) }
        WITH n_promises_order
        ORDER BY n_promises_order.id
        LIMIT 1
        RETURN {
          number: n_promises_order.number,
          _about: [(n_promises_order)<-[:PLACED]-(n_promises_order_who:Customer) | n_promises_order_who.id]
        } AS row
      }[0],
      madeBy: COLLECT {
        MATCH (n_promises)-[:PROMISED_BY]->(n_promises_madeBy:Employee)
        WITH n_promises_madeBy
        ORDER BY n_promises_madeBy.id
        LIMIT 1
        RETURN {
          name: n_promises_madeBy.name
        } AS row
      }[0]
    } AS row
  },
  cases: COLLECT {
    MATCH (n)-[:OPENED]->(n_cases:Case)
    WHERE n_cases.closedAt IS NULL
    WITH n_cases
    ORDER BY n_cases.openedAt DESC, n_cases.id
    LIMIT $p6
    WITH n_cases,
      n_rule0 AS n_cases_rule0
    RETURN {
      id: n_cases.id,
      number: n_cases.number,
      openedAt: toString(n_cases.openedAt),
      status: n_cases.status,
      subject: CASE WHEN n_cases_rule0 THEN n_cases.subject ELSE null END,
      _rule0: n_cases_rule0,
      order: COLLECT {
        MATCH (n_cases)-[:CONCERNS]->(n_cases_order:Order)
        WHERE EXISTS { (n_cases_order)<-[:PLACED]-(n_cases_order_customer:Customer) WHERE n_cases_order_customer.status IN ['ACTIVE', 'DECEASED'] AND (n_cases_order_customer.region IN $actor_regions OR '*' IN $actor_regions OR EXISTS { (n_cases_order_customer)<-[:SERVES]-(n_cases_order_customer_team:Team) WHERE EXISTS { (n_cases_order_customer_team)<-[:WORKS_IN]-(n_cases_order_customer_team_employee:Employee) WHERE n_cases_order_customer_team_employee.number = $actor_id } }) }
        WITH n_cases_order
        ORDER BY n_cases_order.id
        LIMIT 1
        RETURN {
          number: n_cases_order.number,
          _about: [(n_cases_order)<-[:PLACED]-(n_cases_order_who:Customer) | n_cases_order_who.id]
        } AS row
      }[0],
      team: COLLECT {
        MATCH (n_cases)-[:LIES_WITH]->(n_cases_team:Team)
        WITH n_cases_team
        ORDER BY n_cases_team.id
        LIMIT 1
        RETURN {
          name: n_cases_team.name
        } AS row
      }[0],
      agent: COLLECT {
        MATCH (n_cases)-[:WORKED_BY]->(n_cases_agent:Employee)
        WITH n_cases_agent
        ORDER BY n_cases_agent.id
        LIMIT 1
        RETURN {
          name: n_cases_agent.name
        } AS row
      }[0]
    } AS row
  },
  orders: COLLECT {
    MATCH (n)-[:PLACED]->(n_orders:Order)
    WITH n_orders
    ORDER BY n_orders.placedAt DESC, n_orders.id
    LIMIT $p7
    RETURN {
      id: n_orders.id,
      number: n_orders.number,
      placedAt: toString(n_orders.placedAt),
      status: n_orders.status,
      total: n_orders.total,
      currency: n_orders.currency,
      products: COLLECT {
        MATCH (n_orders)-[:OF]->(n_orders_products:Product)
        WITH n_orders_products
        ORDER BY n_orders_products.name, n_orders_products.id
        LIMIT $p8
        RETURN {
          name: n_orders_products.name
        } AS row
      },
      invoices: COLLECT {
        MATCH (n_orders)-[:BILLED_BY]->(n_orders_invoices:Invoice)
        WITH n_orders_invoices
        ORDER BY n_orders_invoices.id
        LIMIT $p7
        RETURN {
          number: n_orders_invoices.number,
          kind: n_orders_invoices.kind,
          dueOn: toString(n_orders_invoices.dueOn),
          paidOn: toString(n_orders_invoices.paidOn),
          amount: n_orders_invoices.amount,
          dunningLevel: n_orders_invoices.dunningLevel
        } AS row
      },
      shipments: COLLECT {
        MATCH (n_orders)-[:SHIPPED_BY]->(n_orders_shipments:Shipment)
        WITH n_orders_shipments
        ORDER BY n_orders_shipments.id
        LIMIT $p7
        RETURN {
          number: n_orders_shipments.number,
          carrier: n_orders_shipments.carrier,
          status: n_orders_shipments.status,
          promisedOn: toString(n_orders_shipments.promisedOn),
          deliveredAt: toString(n_orders_shipments.deliveredAt),
          delayReason: n_orders_shipments.delayReason
        } AS row
      }
    } AS row
  },
  standings: COLLECT {
    MATCH (n)-[:STANDS]->(n_standings:Standing)
    WHERE n_standings.purpose IN $p9
    WITH n_standings
    ORDER BY n_standings.purpose, n_standings.id
    LIMIT $p10
    RETURN {
      purpose: n_standings.purpose,
      lawful: n_standings.lawful,
      basis: n_standings.basis,
      until: toString(n_standings.until),
      mostPerMonth: n_standings.mostPerMonth
    } AS row
  },
  channels: COLLECT {
    MATCH (n)-[:REACHABLE_ON]->(n_channels:Channel)
    WITH n_channels
    ORDER BY n_channels.preferred DESC, n_channels.kind, n_channels.id
    LIMIT $p6
    WITH n_channels,
      n_rule0 AS n_channels_rule0
    RETURN {
      kind: n_channels.kind,
      address: CASE WHEN n_channels_rule0 THEN n_channels.address ELSE null END,
      preferred: n_channels.preferred,
      _rule0: n_channels_rule0
    } AS row
  },
  interactions: COLLECT {
    MATCH (n)-[:HAD]->(n_interactions:Interaction)
    WHERE n_interactions.kind IN $p11
    WITH n_interactions
    ORDER BY n_interactions.occurredAt DESC, n_interactions.id
    LIMIT $p6
    WITH n_interactions,
      n_rule0 AS n_interactions_rule0
    RETURN {
      kind: n_interactions.kind,
      direction: n_interactions.direction,
      occurredAt: toString(n_interactions.occurredAt),
      subject: CASE WHEN n_interactions_rule0 THEN n_interactions.subject ELSE null END,
      text: CASE WHEN n_interactions_rule0 THEN n_interactions.text ELSE null END,
      outcome: n_interactions.outcome,
      _rule0: n_interactions_rule0,
      handledBy: COLLECT {
        MATCH (n_interactions)-[:HANDLED_BY]->(n_interactions_handledBy:Employee)
        WITH n_interactions_handledBy
        ORDER BY n_interactions_handledBy.id
        LIMIT 1
        RETURN {
          name: n_interactions_handledBy.name
        } AS row
      }[0]
    } AS row
  },
  reviewTasks: COLLECT {
    MATCH (n)<-[:ASKS_ABOUT]-(n_reviewTasks:ReviewTask)
    WHERE n_reviewTasks.state = $p12
    WITH n_reviewTasks
    ORDER BY n_reviewTasks.foundAt DESC, n_reviewTasks.id
    LIMIT $p6
    WITH n_reviewTasks,
      n_rule0 AS n_reviewTasks_rule0
    RETURN {
      id: n_reviewTasks.id,
      kind: n_reviewTasks.kind,
      purposes: n_reviewTasks.purposes,
      saidAt: toString(n_reviewTasks.saidAt),
      quote: CASE WHEN n_reviewTasks_rule0 THEN n_reviewTasks.quote ELSE null END,
      _rule0: n_reviewTasks_rule0
    } AS row
  },
  privacyRequests: COLLECT {
    MATCH (n)<-[:REQUESTED_BY]-(n_privacyRequests:PrivacyRequest)
    WITH n_privacyRequests
    ORDER BY n_privacyRequests.dueAt DESC, n_privacyRequests.id
    LIMIT $p8
    RETURN {
      kind: n_privacyRequests.kind,
      state: n_privacyRequests.state,
      dueAt: toString(n_privacyRequests.dueAt)
    } AS row
  },
  signals: COLLECT {
    MATCH (n)-[:SHOWS]->(n_signals:Signal)
    WHERE EXISTS { (n_signals)<-[:SHOWS]-(n_signals_customer:Customer) WHERE EXISTS { (n_signals_customer)-[:STANDS]->(n_signals_customer_standing:Standing) WHERE n_signals_customer_standing.purpose = 'operations' AND n_signals_customer_standing.lawful AND (n_signals_customer_standing.until IS NULL OR n_signals_customer_standing.until > $now) } }
      AND (n_signals.kind <> 'CROSS_SELL' OR EXISTS { (n_signals)<-[:SHOWS]-(n_signals_customer:Customer) WHERE EXISTS { (n_signals_customer)-[:STANDS]->(n_signals_customer_standing:Standing) WHERE n_signals_customer_standing.purpose = 'marketing.phone' AND n_signals_customer_standing.lawful AND (n_signals_customer_standing.until IS NULL OR n_signals_customer_standing.until > $now) } })
    WITH n_signals
    ORDER BY n_signals.kind, n_signals.id
    LIMIT $p10
    RETURN {
      kind: n_signals.kind,
      band: n_signals.band,
      words: n_signals.words,
      cautions: n_signals.cautions,
      products: COLLECT {
        MATCH (n_signals)-[:OFFERS]->(n_signals_products:Product)
        WITH n_signals_products
        ORDER BY n_signals_products.name, n_signals_products.id
        LIMIT $p8
        RETURN {
          name: n_signals_products.name
        } AS row
      }
    } AS row
  }
} AS row
