// root: interactions
// $p0: 'EMAIL', Enum
// $p1: 6
CALL () {
  MATCH (n:Interaction)
  USING INDEX n:Interaction(occurredAt)
  WHERE n.occurredAt IS NOT NULL
    AND EXISTS { (n)<-[:HAD]-(n_customer:Customer) WHERE n_customer.status IN ['ACTIVE', 'DECEASED'] AND (n_customer.region IN $actor_regions OR '*' IN $actor_regions OR EXISTS { (n_customer)<-[:SERVES]-(n_customer_team:Team) WHERE EXISTS { (n_customer_team)<-[:WORKS_IN]-(n_customer_team_employee:Employee) WHERE n_customer_team_employee.number = $actor_id } }) }
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
      AND EXISTS { (n)<-[:HAD]-(n_customer:Customer) WHERE n_customer.status IN ['ACTIVE', 'DECEASED'] AND (n_customer.region IN $actor_regions OR '*' IN $actor_regions OR EXISTS { (n_customer)<-[:SERVES]-(n_customer_team:Team) WHERE EXISTS { (n_customer_team)<-[:WORKS_IN]-(n_customer_team_employee:Employee) WHERE n_customer_team_employee.number = $actor_id } }) }
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
WITH n,
  EXISTS { (n)<-[:HAD]-(n_customer:Customer) WHERE EXISTS { (n_customer)-[:STANDS]->(n_customer_standing:Standing) WHERE n_customer_standing.purpose = $purpose AND n_customer_standing.lawful AND (n_customer_standing.until IS NULL OR n_customer_standing.until > $now) } } AS n_rule0
RETURN {
  kind: n.kind,
  occurredAt: toString(n.occurredAt),
  subject: CASE WHEN n_rule0 THEN n.subject ELSE null END,
  text: CASE WHEN n_rule0 THEN n.text ELSE null END,
  language: n.language,
  tags: n.tags,
  _rule0: n_rule0,
  _about: [(n)<-[:HAD]-(n_who:Customer) | n_who.id]
} AS row
