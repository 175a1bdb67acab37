// root: interactions
// $p0: 11
MATCH (n:Interaction)
WHERE (EXISTS { (n)<-[:HAD]-(n_customer:Customer) WHERE n_customer.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED'] } OR NOT (EXISTS { (n)<-[:HAD]-(:Customer) }))
  AND NOT (n.textRedacted IS NULL)
WITH n
ORDER BY n.occurredAt DESC, n.id
LIMIT $p0
RETURN {
  id: n.id,
  kind: n.kind,
  occurredAt: toString(n.occurredAt),
  subjectRedacted: n.subjectRedacted,
  textRedacted: n.textRedacted,
  source: n.source,
  _about: [(n)<-[:HAD]-(n_who:Customer) | n_who.id]
} AS row
