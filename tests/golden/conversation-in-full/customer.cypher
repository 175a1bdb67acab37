// root: interactions
// $p0: 'EMAIL', Enum
// $p1: 6
MATCH (n:Interaction)<-[:HAD]-(:Customer {id: $actor_id})
WITH DISTINCT n
WHERE EXISTS { (n)<-[:HAD]-(n_customer:Customer) WHERE n_customer.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED'] AND n_customer.id = $actor_id }
  AND n.kind = $p0
WITH n
ORDER BY n.occurredAt IS NULL, n.occurredAt DESC, n.id
LIMIT $p1
RETURN {
  kind: n.kind,
  occurredAt: toString(n.occurredAt),
  subject: n.subject,
  text: n.text,
  language: n.language,
  tags: n.tags,
  _about: [(n)<-[:HAD]-(n_who:Customer) | n_who.id]
} AS row
