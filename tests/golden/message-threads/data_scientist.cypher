// root: customer
// $p0: variable id, ID
// $p1: 31
// $p2: 4
MATCH (n:Customer {id: $p0})
WHERE n.status IN ['ACTIVE', 'DECEASED']
  AND EXISTS { (n)-[:STANDS]->(n_standing:Standing) WHERE n_standing.purpose = $purpose AND n_standing.lawful AND (n_standing.until IS NULL OR n_standing.until > $now) }
RETURN {
  _about: n.id,
  interactions: COLLECT {
    MATCH (n)-[:HAD]->(n_interactions:Interaction)
    WITH n_interactions
    ORDER BY n_interactions.occurredAt DESC, n_interactions.id
    LIMIT $p1
    RETURN {
      id: n_interactions.id,
      occurredAt: toString(n_interactions.occurredAt),
      replyTo: COLLECT {
        MATCH (n_interactions)-[:REPLIES_TO]->(n_interactions_replyTo:Interaction)
        WHERE EXISTS { (n_interactions_replyTo)<-[:HAD]-(n_interactions_replyTo_customer:Customer) WHERE n_interactions_replyTo_customer.status IN ['ACTIVE', 'DECEASED'] AND EXISTS { (n_interactions_replyTo_customer)-[:STANDS]->(n_interactions_replyTo_customer_standing:Standing) WHERE n_interactions_replyTo_customer_standing.purpose = $purpose AND n_interactions_replyTo_customer_standing.lawful AND (n_interactions_replyTo_customer_standing.until IS NULL OR n_interactions_replyTo_customer_standing.until > $now) } }
        WITH n_interactions_replyTo
        ORDER BY n_interactions_replyTo.id
        LIMIT 1
        RETURN {
          id: n_interactions_replyTo.id,
          occurredAt: toString(n_interactions_replyTo.occurredAt),
          _about: [(n_interactions_replyTo)<-[:HAD]-(n_interactions_replyTo_who:Customer) | n_interactions_replyTo_who.id]
        } AS row
      }[0],
      replies: COLLECT {
        MATCH (n_interactions)<-[:REPLIES_TO]-(n_interactions_replies:Interaction)
        WHERE EXISTS { (n_interactions_replies)<-[:HAD]-(n_interactions_replies_customer:Customer) WHERE n_interactions_replies_customer.status IN ['ACTIVE', 'DECEASED'] AND EXISTS { (n_interactions_replies_customer)-[:STANDS]->(n_interactions_replies_customer_standing:Standing) WHERE n_interactions_replies_customer_standing.purpose = $purpose AND n_interactions_replies_customer_standing.lawful AND (n_interactions_replies_customer_standing.until IS NULL OR n_interactions_replies_customer_standing.until > $now) } }
        WITH n_interactions_replies
        ORDER BY n_interactions_replies.id
        LIMIT $p2
        RETURN {
          id: n_interactions_replies.id,
          occurredAt: toString(n_interactions_replies.occurredAt),
          _about: [(n_interactions_replies)<-[:HAD]-(n_interactions_replies_who:Customer) | n_interactions_replies_who.id]
        } AS row
      }
    } AS row
  }
} AS row
