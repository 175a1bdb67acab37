// root: unattributed
// $p0: 'EVENT', Enum
// $p1: 11
RETURN {
  rows: COLLECT {
    CALL () {
      MATCH (n:Interaction)
      USING INDEX n:Interaction(occurredAt)
      WHERE n.occurredAt IS NOT NULL
        AND NOT (EXISTS { (n)<-[:HAD]-(:Customer) })
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
          AND NOT (EXISTS { (n)<-[:HAD]-(:Customer) })
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
      id: n.id,
      kind: n.kind,
      occurredAt: toString(n.occurredAt),
      source: n.source,
      _about: [(n)<-[:HAD]-(n_who:Customer) | n_who.id],
      customer: COLLECT {
        MATCH (n)<-[:HAD]-(n_customer:Customer)
        WHERE n_customer.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED']
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
    MATCH (n:Interaction)
    WHERE NOT (EXISTS { (n)<-[:HAD]-(:Customer) })
      AND n.kind = $p0
    RETURN 1 AS one LIMIT 10000
  })
} AS row
