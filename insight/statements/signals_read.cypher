// Some customers in the order of their ids, with what their signals are worked out of.
MATCH (customer:Customer)
WHERE customer.id > $after AND customer.status = 'ACTIVE'
WITH customer ORDER BY customer.id LIMIT $most
RETURN {
  id: customer.id,
  kind: customer.kind,
  lawful: COLLECT {
    MATCH (customer)-[:STANDS]->(standing:Standing {lawful: true})
    WHERE standing.purpose IN $purposes AND (standing.until IS NULL OR standing.until > $now)
    RETURN standing.purpose
  },
  orders: COLLECT {
    MATCH (customer)-[:PLACED]->(order:Order)
    RETURN {
      at: order.placedAt.epochMillis, status: order.status, currency: order.currency, total: order.total,
      channel: order.channel, discovery: order.discovery,
      campaign: head(COLLECT {
        MATCH (order)-[:PROMPTED_BY]->(campaign:Campaign) RETURN {id: campaign.id, channel: campaign.channel}
      }),
      products: COLLECT { MATCH (order)-[:OF]->(product:Product) RETURN product.id },
      credited: COLLECT {
        MATCH (order)-[:BILLED_BY]->(note:Invoice {kind: 'CREDIT_NOTE'})
        RETURN {currency: note.currency, amount: abs(note.amount)}
      }
    }
  },
  contacts: COLLECT {
    MATCH (customer)-[:HAD]->(contact:Interaction {direction: 'INBOUND'})
    RETURN {at: contact.occurredAt.epochMillis, kind: contact.kind, name: contact.name}
    ORDER BY contact.occurredAt, contact.id LIMIT $contacts
  },
  answered: COLLECT {
    MATCH (customer)-[:RECEIVED]->(sent:Outreach)
    WHERE sent.clicked OR sent.replied
    WITH sent ORDER BY sent.sentAt, sent.id LIMIT 1
    OPTIONAL MATCH (sent)-[:PART_OF_CAMPAIGN]->(campaign:Campaign)
    RETURN {at: sent.sentAt.epochMillis, channel: sent.channel, campaign: campaign.id}
  },
  complaints: COUNT {
    MATCH (customer)<-[:ASKS_ABOUT]-(task:ReviewTask {kind: 'COMPLAINT'})
    WHERE task.state = 'OPEN' OR task.state = 'CONFIRMED' AND EXISTS {
      MATCH (task)-[:FOUND_IN]->(:Interaction)-[:ABOUT]->(case:Case) WHERE case.closedAt IS NULL
    }
  }
} AS row ORDER BY row.id
