// root: serviceAlerts
// $p0: 'OPEN', Enum
// $p1: 21
RETURN {
  rows: COLLECT {
    CALL () {
      MATCH (n:ServiceAlert)
      WHERE n.raisedAt IS NOT NULL
        AND n.state = $p0
      WITH n
      ORDER BY n.raisedAt DESC, n.id
      LIMIT $p1
      RETURN collect(n) AS first
    }
    CALL (first) {
      UNWIND first AS n
      RETURN n
      UNION ALL
      UNWIND CASE WHEN size(first) < $p1 THEN [true] ELSE [] END AS more
      CALL (more) {
        MATCH (n:ServiceAlert)
        WHERE n.raisedAt IS NULL
          AND n.state = $p0
        WITH n
        ORDER BY n.id
        LIMIT $p1
        RETURN n
      }
      RETURN n
    }
    WITH n
    ORDER BY n.raisedAt IS NULL, n.raisedAt DESC, n.id
    LIMIT $p1
    RETURN {
      rule: n.rule,
      metric: n.metric,
      team: n.team,
      month: n.month,
      value: n.value,
      least: n.least,
      most: n.most
    } AS row
  },
  total: size(COLLECT {
    MATCH (n:ServiceAlert)
    WHERE n.state = $p0
    RETURN 1 AS one LIMIT 10000
  })
} AS row

// root: serviceFigures
// $p0: '*', String
// $p1: 'ABILITY_TO_ANSWER', Enum
// $p2: 25
CALL () {
  MATCH (n:ServiceFigure)
  WHERE n.month IS NOT NULL
    AND n.customerCount >= 5
    AND n.team = $p0
    AND n.channel = $p0
    AND n.metric = $p1
  WITH n
  ORDER BY n.month DESC, n.id
  LIMIT $p2
  RETURN collect(n) AS first
}
CALL (first) {
  UNWIND first AS n
  RETURN n
  UNION ALL
  UNWIND CASE WHEN size(first) < $p2 THEN [true] ELSE [] END AS more
  CALL (more) {
    MATCH (n:ServiceFigure)
    WHERE n.month IS NULL
      AND n.customerCount >= 5
      AND n.team = $p0
      AND n.channel = $p0
      AND n.metric = $p1
    WITH n
    ORDER BY n.id
    LIMIT $p2
    RETURN n
  }
  RETURN n
}
WITH n
ORDER BY n.month IS NULL, n.month DESC, n.id
LIMIT $p2
RETURN {
  month: n.month,
  value: n.value,
  counted: n.counted
} AS row

// root: supplierDelays
// $p0: 6
// $p1: 4
CALL () {
  MATCH (n:SupplierDelay)
  USING INDEX n:SupplierDelay(customerCount)
  WHERE n.customerCount IS NOT NULL
    AND (n.customerCount >= 5 OR n.customerCount = 0)
  WITH n
  ORDER BY n.customerCount DESC, n.id
  LIMIT $p0
  RETURN collect(n) AS first
}
CALL (first) {
  UNWIND first AS n
  RETURN n
  UNION ALL
  UNWIND CASE WHEN size(first) < $p0 THEN [true] ELSE [] END AS more
  CALL (more) {
    MATCH (n:SupplierDelay)
    WHERE n.customerCount IS NULL
      AND (n.customerCount >= 5 OR n.customerCount = 0)
    WITH n
    ORDER BY n.id
    LIMIT $p0
    RETURN n
  }
  RETURN n
}
WITH n
ORDER BY n.customerCount IS NULL, n.customerCount DESC, n.id
LIMIT $p0
RETURN {
  since: toString(n.since),
  until: toString(n.until),
  lateCount: n.lateCount,
  meanDaysLate: n.meanDaysLate,
  supplier: COLLECT {
    MATCH (n)-[:BY_SUPPLIER]->(n_supplier:Supplier)
    WITH n_supplier
    ORDER BY n_supplier.id
    LIMIT 1
    RETURN {
      name: n_supplier.name
    } AS row
  }[0],
  orders: COLLECT {
    MATCH (n)-[:DELAYED]->(n_orders:Order)
    WHERE (EXISTS { (n_orders)<-[:PLACED]-(n_orders_customer:Customer) WHERE n_orders_customer.status IN ['ACTIVE', 'DECEASED'] AND EXISTS { (n_orders_customer)-[:STANDS]->(n_orders_customer_standing:Standing) WHERE n_orders_customer_standing.purpose = $purpose AND n_orders_customer_standing.lawful AND (n_orders_customer_standing.until IS NULL OR n_orders_customer_standing.until > $now) } } OR NOT (EXISTS { (n_orders)<-[:PLACED]-(:Customer) }))
    WITH n_orders
    ORDER BY n_orders.id
    LIMIT $p1
    RETURN {
      number: n_orders.number,
      _about: [(n_orders)<-[:PLACED]-(n_orders_who:Customer) | n_orders_who.id]
    } AS row
  },
  _total_orders: size(COLLECT {
    MATCH (n)-[:DELAYED]->(n_orders:Order)
    WHERE (EXISTS { (n_orders)<-[:PLACED]-(n_orders_customer:Customer) WHERE n_orders_customer.status IN ['ACTIVE', 'DECEASED'] AND EXISTS { (n_orders_customer)-[:STANDS]->(n_orders_customer_standing:Standing) WHERE n_orders_customer_standing.purpose = $purpose AND n_orders_customer_standing.lawful AND (n_orders_customer_standing.until IS NULL OR n_orders_customer_standing.until > $now) } } OR NOT (EXISTS { (n_orders)<-[:PLACED]-(:Customer) }))
    RETURN 1 AS one LIMIT 10000
  })
} AS row
