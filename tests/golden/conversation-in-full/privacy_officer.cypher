// root: interactions
// $p0: 'EMAIL', Enum
// $p1: 6
CALL () {
  MATCH (n:Interaction)
  USING INDEX n:Interaction(occurredAt)
  WHERE n.occurredAt IS NOT NULL
    AND (EXISTS { (n)<-[:HAD]-(n_customer:Customer) WHERE n_customer.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED'] } OR NOT (EXISTS { (n)<-[:HAD]-(:Customer) }))
    AND n.kind = $p0
  WITH n
  ORDER BY n.occurredAt DESC, n.id
  LIMIT $p1
  RETURN collect(n) AS first
}
CALL (first) {
  UNWIND first AS n
  RETURN n
  UNION ALL
  UNWIND CASE WHEN size(first) < $p1 THEN [true] ELSE [] END AS more
  CALL (more) {
    MATCH (n:Interaction)
    WHERE n.occurredAt IS NULL
      AND (EXISTS { (n)<-[:HAD]-(n_customer:Customer) WHERE n_customer.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED'] } OR NOT (EXISTS { (n)<-[:HAD]-(:Customer) }))
      AND n.kind = $p0
    WITH n
    ORDER BY n.id
    LIMIT $p1
    RETURN n
  }
  RETURN n
}
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
