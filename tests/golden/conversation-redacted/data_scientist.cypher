// root: interactions
// $p0: 11
CALL () {
  MATCH (n:Interaction)
  WHERE n.occurredAt IS NOT NULL
    AND n.occurredAt > $now - duration({days: 730})
    AND EXISTS { (n)<-[:HAD]-(n_customer:Customer) WHERE n_customer.status IN ['ACTIVE', 'DECEASED'] AND EXISTS { (n_customer)-[:STANDS]->(n_customer_standing:Standing) WHERE n_customer_standing.purpose = $purpose AND n_customer_standing.lawful AND (n_customer_standing.until IS NULL OR n_customer_standing.until > $now) } }
    AND NOT (n.textRedacted IS NULL)
  WITH n
  ORDER BY n.occurredAt DESC, n.id
  LIMIT $p0
  RETURN collect(n) AS first
}
CALL (first) {
  UNWIND first AS n
  RETURN n
  UNION ALL
  UNWIND CASE WHEN size(first) < $p0 THEN [true] ELSE [] END AS more
  CALL (more) {
    MATCH (n:Interaction)
    WHERE n.occurredAt IS NULL
      AND n.occurredAt > $now - duration({days: 730})
      AND EXISTS { (n)<-[:HAD]-(n_customer:Customer) WHERE n_customer.status IN ['ACTIVE', 'DECEASED'] AND EXISTS { (n_customer)-[:STANDS]->(n_customer_standing:Standing) WHERE n_customer_standing.purpose = $purpose AND n_customer_standing.lawful AND (n_customer_standing.until IS NULL OR n_customer_standing.until > $now) } }
      AND NOT (n.textRedacted IS NULL)
    WITH n
    ORDER BY n.id
    LIMIT $p0
    RETURN n
  }
  RETURN n
}
WITH n
ORDER BY n.occurredAt IS NULL, n.occurredAt DESC, n.id
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
