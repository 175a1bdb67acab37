// root: search
// $p0: the words of variable text
// $p1: variable text, String
// $p2: 11
UNWIND $p0 AS words
CALL (words) {
  CALL (words) {
    CALL db.index.fulltext.queryNodes('Customer_search_name_email_phone', 'name:' + words) YIELD node AS n
    WITH n, n.name AS value
    WHERE value IS NOT NULL
    RETURN n, value
    UNION ALL
    CALL db.index.fulltext.queryNodes('Customer_search_name_email_phone', 'email:' + words) YIELD node AS n
    WITH n, n.email AS value
    WHERE value IS NOT NULL
    RETURN n, value
    UNION ALL
    CALL db.index.fulltext.queryNodes('Customer_search_name_email_phone', 'phone:' + words) YIELD node AS n
    WITH n, n.phone AS value
    WHERE value IS NOT NULL
    RETURN n, value
  }
  WITH n, min(CASE WHEN toLower(value) = toLower(trim($p1)) THEN 0 WHEN toLower(value) STARTS WITH toLower(trim($p1)) THEN 1 ELSE 2 END) AS rank
  WHERE n.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED']
  RETURN n, 'Customer' AS type, rank
}
WITH n, type, rank
ORDER BY rank, type, n.id
LIMIT $p2
RETURN {
  _at: [rank, type, n.id],
  match: ['EXACT', 'PREFIX', 'WORD'][rank],
  node: {
    id: n.id,
    name: n.name,
    email: n.email,
    phone: n.phone,
    _sealed_nationalId: n.nationalId
  }
} AS row
