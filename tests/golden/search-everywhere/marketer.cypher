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
    CALL db.index.fulltext.queryNodes('Customer_search_name_email_phone', 'name:' + words) YIELD node AS n
    WITH n, n.name AS value
    WHERE value IS NOT NULL
    RETURN n, value
    UNION ALL
    CALL db.index.fulltext.queryNodes('Customer_search_name_email_phone', 'email:' + words) YIELD node AS n
    WITH n, CASE WHEN EXISTS { (n)-[:STANDS]->(n_standing:Standing) WHERE n_standing.purpose = 'marketing.email' AND n_standing.lawful AND (n_standing.until IS NULL OR n_standing.until > $now) } THEN n.email ELSE null END AS value
    WHERE value IS NOT NULL
    RETURN n, value
    UNION ALL
    CALL db.index.fulltext.queryNodes('Customer_search_name_email_phone', 'phone:' + words) YIELD node AS n
    WITH n, CASE WHEN EXISTS { (n)-[:STANDS]->(n_standing:Standing) WHERE n_standing.purpose = 'marketing.phone' AND n_standing.lawful AND (n_standing.until IS NULL OR n_standing.until > $now) } THEN n.phone ELSE null END AS value
    WHERE value IS NOT NULL
    RETURN n, value
  }
  WITH n, min(CASE WHEN toLower(value) = toLower(trim($p1)) THEN 0 WHEN toLower(value) STARTS WITH toLower(trim($p1)) THEN 1 ELSE 2 END) AS rank
  WHERE n.status IN ['ACTIVE']
    AND EXISTS { (n)-[:STANDS]->(n_standing:Standing) WHERE n_standing.purpose = $purpose AND n_standing.lawful AND (n_standing.until IS NULL OR n_standing.until > $now) }
  RETURN n, 'Customer' AS type, rank
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
    WHEN n:Customer THEN {
      _type: 'Customer',
      id: n.id
    }
    WHEN n:Product THEN {
      _type: 'Product',
      id: n.id
    }
  END
} AS row
