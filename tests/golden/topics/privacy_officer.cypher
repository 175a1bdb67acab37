// root: topics
// $p0: 21
// $p1: 6
CALL () {
  MATCH (n:Topic)
  USING INDEX n:Topic(name)
  WHERE n.name IS NOT NULL
  WITH n
  ORDER BY n.name, n.id
  LIMIT $p0
  RETURN collect(n) AS first
}
CALL (first) {
  UNWIND first AS n
  RETURN n
  UNION ALL
  UNWIND CASE WHEN size(first) < $p0 THEN [true] ELSE [] END AS more
  CALL (more) {
    MATCH (n:Topic)
    WHERE n.name IS NULL
    WITH n
    ORDER BY n.id
    LIMIT $p0
    RETURN n
  }
  RETURN n
}
WITH n
ORDER BY n.name, n.id
LIMIT $p0
RETURN {
  name: n.name,
  interactions: COLLECT {
    MATCH (n)<-[:ABOUT]-(n_interactions:Interaction)
    WHERE (EXISTS { (n_interactions)<-[:HAD]-(n_interactions_customer:Customer) WHERE n_interactions_customer.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED'] } OR NOT (EXISTS { (n_interactions)<-[:HAD]-(:Customer) }))
    WITH n_interactions
    ORDER BY n_interactions.id
    LIMIT $p1
    RETURN {
      kind: n_interactions.kind,
      occurredAt: toString(n_interactions.occurredAt),
      _about: [(n_interactions)<-[:HAD]-(n_interactions_who:Customer) | n_interactions_who.id]
    } AS row
  },
  _total_interactions: size(COLLECT {
    MATCH (n)<-[:ABOUT]-(n_interactions:Interaction)
    WHERE (EXISTS { (n_interactions)<-[:HAD]-(n_interactions_customer:Customer) WHERE n_interactions_customer.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED'] } OR NOT (EXISTS { (n_interactions)<-[:HAD]-(:Customer) }))
    RETURN 1 AS one LIMIT 10000
  })
} AS row
