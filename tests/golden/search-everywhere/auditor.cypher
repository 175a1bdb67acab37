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
    CALL db.index.fulltext.queryNodes('Employee_search_name', 'name:' + words) YIELD node AS n
    WITH n, n.name AS value
    WHERE value IS NOT NULL
    RETURN n, value
  }
  WITH n, min(CASE WHEN toLower(value) = toLower(trim($p1)) THEN 0 WHEN toLower(value) STARTS WITH toLower(trim($p1)) THEN 1 ELSE 2 END) AS rank
  RETURN n, 'Employee' AS type, rank
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
    WHEN n:Employee THEN {
      _type: 'Employee',
      id: n.id
    }
  END
} AS row
