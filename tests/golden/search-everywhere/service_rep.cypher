// root: search
// $p0: the words of variable text
// $p1: variable text, String
// $p2: 11
UNWIND $p0 AS words
CALL (words) {
  CALL (words) {
    CALL db.index.fulltext.queryNodes('Campaign_search_name', 'name:' + words) YIELD node AS n
    WITH n, n.name AS value
    WHERE value IS NOT NULL
    RETURN n, value
  }
  WITH n, min(CASE WHEN toLower(value) = toLower(trim($p1)) THEN 0 WHEN toLower(value) STARTS WITH toLower(trim($p1)) THEN 1 ELSE 2 END) AS rank
  RETURN n, 'Campaign' AS type, rank
  UNION ALL
  CALL (words) {
    CALL db.index.fulltext.queryNodes('Case_search_number_subject_subjectRedacted', 'number:' + words) YIELD node AS n
    WITH n, n.number AS value
    WHERE value IS NOT NULL
    RETURN n, value
    UNION ALL
    CALL db.index.fulltext.queryNodes('Case_search_number_subject_subjectRedacted', 'subject:' + words) YIELD node AS n
    WITH n, CASE WHEN EXISTS { (n)<-[:OPENED]-(n_customer:Customer) WHERE EXISTS { (n_customer)-[:STANDS]->(n_customer_standing:Standing) WHERE n_customer_standing.purpose = $purpose AND n_customer_standing.lawful AND (n_customer_standing.until IS NULL OR n_customer_standing.until > $now) } } THEN n.subject ELSE null END AS value
    WHERE value IS NOT NULL
    RETURN n, value
    UNION ALL
    CALL db.index.fulltext.queryNodes('Case_search_number_subject_subjectRedacted', 'subjectRedacted:' + words) YIELD node AS n
    WITH n, n.subjectRedacted AS value
    WHERE value IS NOT NULL
    RETURN n, value
  }
  WITH n, min(CASE WHEN toLower(value) = toLower(trim($p1)) THEN 0 WHEN toLower(value) STARTS WITH toLower(trim($p1)) THEN 1 ELSE 2 END) AS rank
  WHERE EXISTS { (n)<-[:OPENED]-(n_customer:Customer) WHERE n_customer.status IN ['ACTIVE', 'DECEASED'] AND (n_customer.region IN $actor_regions OR '*' IN $actor_regions OR EXISTS { (n_customer)<-[:SERVES]-(n_customer_team:Team) WHERE EXISTS { (n_customer_team)<-[:WORKS_IN]-(n_customer_team_employee:Employee) WHERE n_customer_team_employee.number = $actor_id } }) }
  RETURN n, 'Case' AS type, rank
  UNION ALL
  CALL (words) {
    CALL db.index.fulltext.queryNodes('Customer_search_name_email_phone', 'name:' + words) YIELD node AS n
    WITH n, n.name AS value
    WHERE value IS NOT NULL
    RETURN n, value
    UNION ALL
    CALL db.index.fulltext.queryNodes('Customer_search_name_email_phone', 'email:' + words) YIELD node AS n
    WITH n, CASE WHEN EXISTS { (n)-[:STANDS]->(n_standing:Standing) WHERE n_standing.purpose = $purpose AND n_standing.lawful AND (n_standing.until IS NULL OR n_standing.until > $now) } THEN n.email ELSE null END AS value
    WHERE value IS NOT NULL
    RETURN n, value
    UNION ALL
    CALL db.index.fulltext.queryNodes('Customer_search_name_email_phone', 'phone:' + words) YIELD node AS n
    WITH n, CASE WHEN EXISTS { (n)-[:STANDS]->(n_standing:Standing) WHERE n_standing.purpose = $purpose AND n_standing.lawful AND (n_standing.until IS NULL OR n_standing.until > $now) } THEN n.phone ELSE null END AS value
    WHERE value IS NOT NULL
    RETURN n, value
  }
  WITH n, min(CASE WHEN toLower(value) = toLower(trim($p1)) THEN 0 WHEN toLower(value) STARTS WITH toLower(trim($p1)) THEN 1 ELSE 2 END) AS rank
  WHERE n.status IN ['ACTIVE', 'DECEASED']
    AND (n.region IN $actor_regions OR '*' IN $actor_regions OR EXISTS { (n)<-[:SERVES]-(n_team:Team) WHERE EXISTS { (n_team)<-[:WORKS_IN]-(n_team_employee:Employee) WHERE n_team_employee.number = $actor_id } })
  RETURN n, 'Customer' AS type, rank
  UNION ALL
  CALL (words) {
    CALL db.index.fulltext.queryNodes('Employee_search_name', 'name:' + words) YIELD node AS n
    WITH n, n.name AS value
    WHERE value IS NOT NULL
    RETURN n, value
  }
  WITH n, min(CASE WHEN toLower(value) = toLower(trim($p1)) THEN 0 WHEN toLower(value) STARTS WITH toLower(trim($p1)) THEN 1 ELSE 2 END) AS rank
  RETURN n, 'Employee' AS type, rank
  UNION ALL
  CALL (words) {
    CALL db.index.fulltext.queryNodes('Invoice_search_number', 'number:' + words) YIELD node AS n
    WITH n, n.number AS value
    WHERE value IS NOT NULL
    RETURN n, value
  }
  WITH n, min(CASE WHEN toLower(value) = toLower(trim($p1)) THEN 0 WHEN toLower(value) STARTS WITH toLower(trim($p1)) THEN 1 ELSE 2 END) AS rank
  WHERE EXISTS { (n)<-[:BILLED_BY]-(n_order:Order) WHERE EXISTS { (n_order)<-[:PLACED]-(n_order_customer:Customer) WHERE n_order_customer.status IN ['ACTIVE', 'DECEASED'] AND (n_order_customer.region IN $actor_regions OR '*' IN $actor_regions OR EXISTS { (n_order_customer)<-[:SERVES]-(n_order_customer_team:Team) WHERE EXISTS { (n_order_customer_team)<-[:WORKS_IN]-(n_order_customer_team_employee:Employee) WHERE n_order_customer_team_employee.number = $actor_id } }) } }
  RETURN n, 'Invoice' AS type, rank
  UNION ALL
  CALL (words) {
    CALL db.index.fulltext.queryNodes('Order_search_number', 'number:' + words) YIELD node AS n
    WITH n, n.number AS value
    WHERE value IS NOT NULL
    RETURN n, value
  }
  WITH n, min(CASE WHEN toLower(value) = toLower(trim($p1)) THEN 0 WHEN toLower(value) STARTS WITH toLower(trim($p1)) THEN 1 ELSE 2 END) AS rank
  WHERE EXISTS { (n)<-[:PLACED]-(n_customer:Customer) WHERE n_customer.status IN ['ACTIVE', 'DECEASED'] AND (n_customer.region IN $actor_regions OR '*' IN $actor_regions OR EXISTS { (n_customer)<-[:SERVES]-(n_customer_team:Team) WHERE EXISTS { (n_customer_team)<-[:WORKS_IN]-(n_customer_team_employee:Employee) WHERE n_customer_team_employee.number = $actor_id } }) }
  RETURN n, 'Order' AS type, rank
  UNION ALL
  CALL (words) {
    CALL db.index.fulltext.queryNodes('Product_search_sku_name', 'sku:' + words) YIELD node AS n
    WITH n, n.sku AS value
    WHERE value IS NOT NULL
    RETURN n, value
    UNION ALL
    CALL db.index.fulltext.queryNodes('Product_search_sku_name', 'name:' + words) YIELD node AS n
    WITH n, n.name AS value
    WHERE value IS NOT NULL
    RETURN n, value
  }
  WITH n, min(CASE WHEN toLower(value) = toLower(trim($p1)) THEN 0 WHEN toLower(value) STARTS WITH toLower(trim($p1)) THEN 1 ELSE 2 END) AS rank
  RETURN n, 'Product' AS type, rank
  UNION ALL
  CALL (words) {
    CALL db.index.fulltext.queryNodes('Supplier_search_name', 'name:' + words) YIELD node AS n
    WITH n, n.name AS value
    WHERE value IS NOT NULL
    RETURN n, value
  }
  WITH n, min(CASE WHEN toLower(value) = toLower(trim($p1)) THEN 0 WHEN toLower(value) STARTS WITH toLower(trim($p1)) THEN 1 ELSE 2 END) AS rank
  RETURN n, 'Supplier' AS type, rank
}
WITH n, type, rank
ORDER BY rank, type, n.id
LIMIT $p2
RETURN {
  _at: [rank, type, n.id],
  match: ['EXACT', 'PREFIX', 'WORD'][rank],
  node: CASE
    WHEN n:Campaign THEN {
      _type: 'Campaign',
      id: n.id
    }
    WHEN n:Case THEN {
      _type: 'Case',
      id: n.id,
      _about: [(n)<-[:OPENED]-(n_who:Customer) | n_who.id]
    }
    WHEN n:Customer THEN {
      _type: 'Customer',
      id: n.id
    }
    WHEN n:Employee THEN {
      _type: 'Employee',
      id: n.id
    }
    WHEN n:Invoice THEN {
      _type: 'Invoice',
      id: n.id,
      _about: [(n)<-[:BILLED_BY]-(:Order)<-[:PLACED]-(n_who:Customer) | n_who.id]
    }
    WHEN n:Order THEN {
      _type: 'Order',
      id: n.id,
      _about: [(n)<-[:PLACED]-(n_who:Customer) | n_who.id]
    }
    WHEN n:Product THEN {
      _type: 'Product',
      id: n.id
    }
    WHEN n:Supplier THEN {
      _type: 'Supplier',
      id: n.id
    }
  END
} AS row
