// root: interactions
// $p0: 21
// $p1: 6
// $p2: 3
CALL () {
  MATCH (n:Interaction)
  WHERE n.occurredAt IS NOT NULL
    AND n.occurredAt > $now - duration({days: 730})
    AND EXISTS { (n)<-[:HAD]-(n_customer:Customer) WHERE n_customer.status IN ['ACTIVE', 'DECEASED'] AND EXISTS { (n_customer)-[:STANDS]->(n_customer_standing:Standing) WHERE n_customer_standing.purpose = $purpose AND n_customer_standing.lawful AND (n_customer_standing.until IS NULL OR n_customer_standing.until > $now) } }
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
  _about: [(n)<-[:HAD]-(n_who:Customer) | n_who.id],
  about: COLLECT {
    MATCH (n)-[:ABOUT]->(n_about)
    WHERE ((n_about:Order AND EXISTS { (n_about)<-[:PLACED]-(n_about_customer:Customer) WHERE n_about_customer.status IN ['ACTIVE', 'DECEASED'] AND EXISTS { (n_about_customer)-[:STANDS]->(n_about_customer_standing:Standing) WHERE n_about_customer_standing.purpose = $purpose AND n_about_customer_standing.lawful AND (n_about_customer_standing.until IS NULL OR n_about_customer_standing.until > $now) } }) OR (n_about:Case AND EXISTS { (n_about)<-[:OPENED]-(n_about_customer:Customer) WHERE n_about_customer.status IN ['ACTIVE', 'DECEASED'] AND EXISTS { (n_about_customer)-[:STANDS]->(n_about_customer_standing:Standing) WHERE n_about_customer_standing.purpose = $purpose AND n_about_customer_standing.lawful AND (n_about_customer_standing.until IS NULL OR n_about_customer_standing.until > $now) } }) OR n_about:Product OR n_about:Topic)
    WITH n_about
    ORDER BY n_about.id
    LIMIT $p1
    RETURN CASE
      WHEN n_about:Order THEN {
        _type: 'Order',
        id: n_about.id,
        placedAt: toString(n_about.placedAt),
        _about: [(n_about)<-[:PLACED]-(n_about_who:Customer) | n_about_who.id],
        _at: [n_about.id],
        customer: COLLECT {
          MATCH (n_about)<-[:PLACED]-(n_about_customer:Customer)
          WHERE n_about_customer.status IN ['ACTIVE', 'DECEASED']
            AND EXISTS { (n_about_customer)-[:STANDS]->(n_about_customer_standing:Standing) WHERE n_about_customer_standing.purpose = $purpose AND n_about_customer_standing.lawful AND (n_about_customer_standing.until IS NULL OR n_about_customer_standing.until > $now) }
          WITH n_about_customer
          ORDER BY n_about_customer.id
          LIMIT 1
          RETURN {
            id: n_about_customer.id
          } AS row
        }[0]
      }
      WHEN n_about:Case THEN {
        _type: 'Case',
        id: n_about.id,
        _about: [(n_about)<-[:OPENED]-(n_about_who:Customer) | n_about_who.id],
        _at: [n_about.id],
        interactions: COLLECT {
          MATCH (n_about)<-[:ABOUT]-(n_about_interactions:Interaction)
          WHERE n_about_interactions.occurredAt > $now - duration({days: 730})
            AND EXISTS { (n_about_interactions)<-[:HAD]-(n_about_interactions_customer:Customer) WHERE n_about_interactions_customer.status IN ['ACTIVE', 'DECEASED'] AND EXISTS { (n_about_interactions_customer)-[:STANDS]->(n_about_interactions_customer_standing:Standing) WHERE n_about_interactions_customer_standing.purpose = $purpose AND n_about_interactions_customer_standing.lawful AND (n_about_interactions_customer_standing.until IS NULL OR n_about_interactions_customer_standing.until > $now) } }
          WITH n_about_interactions
          ORDER BY n_about_interactions.id
          LIMIT $p2
          RETURN {
            id: n_about_interactions.id,
            _about: [(n_about_interactions)<-[:HAD]-(n_about_interactions_who:Customer) | n_about_interactions_who.id]
          } AS row
        }
      }
      WHEN n_about:Product THEN {
        _type: 'Product',
        id: n_about.id,
        _at: [n_about.id]
      }
      WHEN n_about:Topic THEN {
        _type: 'Topic',
        id: n_about.id,
        _at: [n_about.id]
      }
    END AS row
  },
  _total_about: size(COLLECT {
    MATCH (n)-[:ABOUT]->(n_about)
    WHERE ((n_about:Order AND EXISTS { (n_about)<-[:PLACED]-(n_about_customer:Customer) WHERE n_about_customer.status IN ['ACTIVE', 'DECEASED'] AND EXISTS { (n_about_customer)-[:STANDS]->(n_about_customer_standing:Standing) WHERE n_about_customer_standing.purpose = $purpose AND n_about_customer_standing.lawful AND (n_about_customer_standing.until IS NULL OR n_about_customer_standing.until > $now) } }) OR (n_about:Case AND EXISTS { (n_about)<-[:OPENED]-(n_about_customer:Customer) WHERE n_about_customer.status IN ['ACTIVE', 'DECEASED'] AND EXISTS { (n_about_customer)-[:STANDS]->(n_about_customer_standing:Standing) WHERE n_about_customer_standing.purpose = $purpose AND n_about_customer_standing.lawful AND (n_about_customer_standing.until IS NULL OR n_about_customer_standing.until > $now) } }) OR n_about:Product OR n_about:Topic)
    RETURN 1 AS one LIMIT 10000
  })
} AS row
