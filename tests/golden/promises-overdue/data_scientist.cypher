// root: promises
// $p0: 'OPEN', Enum
// $p1: variable now, DateTime
// $p2: 21
RETURN {
  rows: COLLECT {
    CALL () {
      MATCH (n:Promise)
      WHERE n.dueAt IS NOT NULL
        AND EXISTS { (n)<-[:WAS_PROMISED]-(n_customer:Customer) WHERE n_customer.status IN ['ACTIVE', 'DECEASED'] AND EXISTS { (n_customer)-[:STANDS]->(n_customer_standing:Standing) WHERE n_customer_standing.purpose = $purpose AND n_customer_standing.lawful AND (n_customer_standing.until IS NULL OR n_customer_standing.until > $now) } }
        AND n.state = $p0
        AND n.dueAt < datetime($p1)
      WITH n
      ORDER BY n.dueAt, n.id
      LIMIT $p2
      RETURN collect(n) AS first
    }
    CALL (first) {
      UNWIND first AS n
      RETURN n
      UNION ALL
      UNWIND CASE WHEN size(first) < $p2 THEN [true] ELSE [] END AS more
      CALL (more) {
        MATCH (n:Promise)
        WHERE n.dueAt IS NULL
          AND EXISTS { (n)<-[:WAS_PROMISED]-(n_customer:Customer) WHERE n_customer.status IN ['ACTIVE', 'DECEASED'] AND EXISTS { (n_customer)-[:STANDS]->(n_customer_standing:Standing) WHERE n_customer_standing.purpose = $purpose AND n_customer_standing.lawful AND (n_customer_standing.until IS NULL OR n_customer_standing.until > $now) } }
          AND n.state = $p0
          AND n.dueAt < datetime($p1)
        WITH n
        ORDER BY n.id
        LIMIT $p2
        RETURN n
      }
      RETURN n
    }
    WITH n
    ORDER BY n.dueAt, n.id
    LIMIT $p2
    RETURN {
      id: n.id,
      madeAt: toString(n.madeAt),
      dueAt: toString(n.dueAt),
      _about: [(n)<-[:WAS_PROMISED]-(n_who:Customer) | n_who.id],
      _at: [toString(n.dueAt), n.id],
      customer: COLLECT {
        MATCH (n)<-[:WAS_PROMISED]-(n_customer:Customer)
        WHERE n_customer.status IN ['ACTIVE', 'DECEASED']
          AND EXISTS { (n_customer)-[:STANDS]->(n_customer_standing:Standing) WHERE n_customer_standing.purpose = $purpose AND n_customer_standing.lawful AND (n_customer_standing.until IS NULL OR n_customer_standing.until > $now) }
        WITH n_customer
        ORDER BY n_customer.id
        LIMIT 1
        RETURN {
          id: n_customer.id
        } AS row
      }[0]
    } AS row
  },
  total: size(COLLECT {
    MATCH (n:Promise)
    WHERE EXISTS { (n)<-[:WAS_PROMISED]-(n_customer:Customer) WHERE n_customer.status IN ['ACTIVE', 'DECEASED'] AND EXISTS { (n_customer)-[:STANDS]->(n_customer_standing:Standing) WHERE n_customer_standing.purpose = $purpose AND n_customer_standing.lawful AND (n_customer_standing.until IS NULL OR n_customer_standing.until > $now) } }
      AND n.state = $p0
      AND n.dueAt < datetime($p1)
    RETURN 1 AS one LIMIT 10000
  })
} AS row
