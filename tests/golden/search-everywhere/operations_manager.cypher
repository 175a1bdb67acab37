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
    CALL db.index.fulltext.queryNodes('Case_search_number_subject_subjectRedacted', 'subjectRedacted:' + words) YIELD node AS n
    WITH n, n.subjectRedacted AS value
    WHERE value IS NOT NULL
    RETURN n, value
  }
  WITH n, min(CASE WHEN toLower(value) = toLower(trim($p1)) THEN 0 WHEN toLower(value) STARTS WITH toLower(trim($p1)) THEN 1 ELSE 2 END) AS rank
  WHERE (EXISTS { (n)<-[:OPENED]-(n_customer:Customer) WHERE n_customer.status IN ['ACTIVE', 'DECEASED'] AND EXISTS { (n_customer)-[:STANDS]->(n_customer_standing:Standing) WHERE n_customer_standing.purpose = $purpose AND n_customer_standing.lawful AND (n_customer_standing.until IS NULL OR n_customer_standing.until > $now) } } OR NOT (EXISTS { (n)<-[:OPENED]-(:Customer) }))
  RETURN n, 'Case' AS type, rank
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
    CALL db.index.fulltext.queryNodes('Order_search_number', 'number:' + words) YIELD node AS n
    WITH n, n.number AS value
    WHERE value IS NOT NULL
    RETURN n, value
  }
  WITH n, min(CASE WHEN toLower(value) = toLower(trim($p1)) THEN 0 WHEN toLower(value) STARTS WITH toLower(trim($p1)) THEN 1 ELSE 2 END) AS rank
  WHERE (EXISTS { (n)<-[:PLACED]-(n_customer:Customer) WHERE n_customer.status IN ['ACTIVE', 'DECEASED'] AND EXISTS { (n_customer)-[:STANDS]->(n_customer_standing:Standing) WHERE n_customer_standing.purpose = $purpose AND n_customer_standing.lawful AND (n_customer_standing.until IS NULL OR n_customer_standing.until > $now) } } OR NOT (EXISTS { (n)<-[:PLACED]-(:Customer) }))
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
    WHEN n:Employee THEN {
      _type: 'Employee',
      id: n.id
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
