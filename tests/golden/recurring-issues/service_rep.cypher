// root: recurringIssues
// $p0: ['GROWING', 'STEADY'], [Enum]
// $p1: 6
// $p2: 4
RETURN {
  rows: COLLECT {
    CALL () {
      MATCH (n:RecurringIssue)
      WHERE n.customerCount IS NOT NULL
        AND n.customerCount >= 5
        AND n.trend IN $p0
      WITH n
      ORDER BY n.customerCount DESC, n.id
      LIMIT $p1
      RETURN collect(n) AS first
    }
    CALL (first) {
      UNWIND first AS n
      RETURN n
      UNION ALL
      UNWIND CASE WHEN size(first) < $p1 THEN [true] ELSE [] END AS more
      CALL (more) {
        MATCH (n:RecurringIssue)
        WHERE n.customerCount IS NULL
          AND n.customerCount >= 5
          AND n.trend IN $p0
        WITH n
        ORDER BY n.id
        LIMIT $p1
        RETURN n
      }
      RETURN n
    }
    WITH n
    ORDER BY n.customerCount IS NULL, n.customerCount DESC, n.id
    LIMIT $p1
    RETURN {
      title: n.title,
      words: n.words,
      trend: n.trend,
      customerCount: n.customerCount,
      months: n.months,
      examples: COLLECT {
        MATCH (n)-[:EXEMPLIFIED_BY]->(n_examples:Interaction)
        WHERE EXISTS { (n_examples)<-[:HAD]-(n_examples_customer:Customer) WHERE n_examples_customer.status IN ['ACTIVE', 'DECEASED'] AND (n_examples_customer.region IN $actor_regions OR '*' IN $actor_regions OR EXISTS { (n_examples_customer)<-[:SERVES]-(n_examples_customer_team:Team) WHERE EXISTS { (n_examples_customer_team)<-[:WORKS_IN]-(n_examples_customer_team_employee:Employee) WHERE n_examples_customer_team_employee.number = $actor_id } }) }
        WITH n_examples
        ORDER BY n_examples.id
        LIMIT $p2
        RETURN {
          occurredAt: toString(n_examples.occurredAt),
          textRedacted: n_examples.textRedacted,
          _about: [(n_examples)<-[:HAD]-(n_examples_who:Customer) | n_examples_who.id]
        } AS row
      },
      cases: COLLECT {
        MATCH (n)-[:GATHERS]->(n_cases:Case)
        WHERE EXISTS { (n_cases)<-[:OPENED]-(n_cases_customer:Customer) WHERE n_cases_customer.status IN ['ACTIVE', 'DECEASED'] AND (n_cases_customer.region IN $actor_regions OR '*' IN $actor_regions OR EXISTS { (n_cases_customer)<-[:SERVES]-(n_cases_customer_team:Team) WHERE EXISTS { (n_cases_customer_team)<-[:WORKS_IN]-(n_cases_customer_team_employee:Employee) WHERE n_cases_customer_team_employee.number = $actor_id } }) }
        WITH n_cases
        ORDER BY n_cases.openedAt DESC, n_cases.id
        LIMIT $p2
        RETURN {
          number: n_cases.number,
          _about: [(n_cases)<-[:OPENED]-(n_cases_who:Customer) | n_cases_who.id]
        } AS row
      },
      products: COLLECT {
        MATCH (n)-[:AFFECTS]->(n_products:Product)
        WITH n_products
        ORDER BY n_products.id
        LIMIT $p2
        RETURN {
          name: n_products.name
        } AS row
      }
    } AS row
  },
  total: size(COLLECT {
    MATCH (n:RecurringIssue)
    WHERE n.customerCount >= 5
      AND n.trend IN $p0
    RETURN 1 AS one LIMIT 10000
  })
} AS row
