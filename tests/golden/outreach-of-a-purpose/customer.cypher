// root: outreach
// $p0: variable since, DateTime
// $p1: 'POST', Enum
// $p2: 'marketing', String
// $p3: 11
MATCH (n:Outreach)<-[:RECEIVED]-(:Customer {id: $actor_id})
WITH DISTINCT n
WHERE EXISTS { (n)<-[:RECEIVED]-(n_customer:Customer) WHERE n_customer.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED'] AND n_customer.id = $actor_id }
  AND n.sentAt > datetime($p0)
  AND n.channel <> $p1
  AND n.purpose = $p2
WITH n
ORDER BY n.sentAt, n.id
LIMIT $p3
RETURN {
  id: n.id,
  sentAt: toString(n.sentAt),
  channel: n.channel,
  complained: n.complained,
  _about: [(n)<-[:RECEIVED]-(n_who:Customer) | n_who.id],
  customer: COLLECT {
    MATCH (n)<-[:RECEIVED]-(n_customer:Customer)
    WHERE n_customer.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED']
      AND n_customer.id = $actor_id
    WITH n_customer
    ORDER BY n_customer.id
    LIMIT 1
    RETURN {
      id: n_customer.id
    } AS row
  }[0]
} AS row
