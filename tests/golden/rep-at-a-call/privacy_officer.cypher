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
WHERE n.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED']
RETURN {
  id: n.id,
  kind: n.kind,
  status: n.status,
  name: n.name,
  birthDate: toString(n.birthDate),
  email: n.email,
  phone: n.phone,
  region: n.region,
  segment: n.segment,
  language: n.language,
  customerSince: toString(n.customerSince),
  preferredChannel: n.preferredChannel,
  lastInteractionAt: toString(n.lastInteractionAt),
  balance: n.balance,
  _sealed_nationalId: n.nationalId,
  address: COLLECT {
    MATCH (n)-[:LIVES_AT]->(n_address:Address)
    WITH n_address
    ORDER BY n_address.id
    LIMIT 1
    RETURN {
      line1: n_address.line1,
      postalCode: n_address.postalCode,
      city: n_address.city,
      country: n_address.country
    } AS row
  }[0],
  identities: COLLECT {
    MATCH (n)-[:HAS_IDENTITY]->(n_identities:Identity)
    WHERE n_identities.kind <> $p1
    WITH n_identities
    ORDER BY n_identities.kind, n_identities.id
    LIMIT $p2
    RETURN {
      kind: n_identities.kind,
      value: n_identities.value,
      blocked: n_identities.blocked
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
    RETURN {
      id: n_promises.id,
      what: n_promises.what,
      madeAt: toString(n_promises.madeAt),
      dueAt: toString(n_promises.dueAt),
      case: COLLECT {
        MATCH (n_promises)-[:PROMISED_IN]->(n_promises_case:Case)
        WHERE (EXISTS { (n_promises_case)<-[:OPENED]-(n_promises_case_customer:Customer) WHERE n_promises_case_customer.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED'] } OR NOT (EXISTS { (n_promises_case)<-[:OPENED]-(:Customer) }))
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
        WHERE (EXISTS { (n_promises_order)<-[:PLACED]-(n_promises_order_customer:Customer) WHERE n_promises_order_customer.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED'] } OR NOT (EXISTS { (n_promises_order)<-[:PLACED]-(:Customer) }))
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
    RETURN {
      id: n_cases.id,
      number: n_cases.number,
      openedAt: toString(n_cases.openedAt),
      status: n_cases.status,
      subject: n_cases.subject,
      order: COLLECT {
        MATCH (n_cases)-[:CONCERNS]->(n_cases_order:Order)
        WHERE (EXISTS { (n_cases_order)<-[:PLACED]-(n_cases_order_customer:Customer) WHERE n_cases_order_customer.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED'] } OR NOT (EXISTS { (n_cases_order)<-[:PLACED]-(:Customer) }))
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
    RETURN {
      kind: n_channels.kind,
      address: n_channels.address,
      preferred: n_channels.preferred
    } AS row
  },
  interactions: COLLECT {
    MATCH (n)-[:HAD]->(n_interactions:Interaction)
    WHERE n_interactions.kind IN $p11
    WITH n_interactions
    ORDER BY n_interactions.occurredAt DESC, n_interactions.id
    LIMIT $p6
    RETURN {
      kind: n_interactions.kind,
      direction: n_interactions.direction,
      occurredAt: toString(n_interactions.occurredAt),
      subject: n_interactions.subject,
      text: n_interactions.text,
      outcome: n_interactions.outcome,
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
    RETURN {
      id: n_reviewTasks.id,
      kind: n_reviewTasks.kind,
      purposes: n_reviewTasks.purposes,
      saidAt: toString(n_reviewTasks.saidAt),
      quote: n_reviewTasks.quote
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
