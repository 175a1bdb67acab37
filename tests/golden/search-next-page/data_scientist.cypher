// root: search
// $p0: the words of variable text
// $p1: variable text, String
// $p2: key 0 of the cursor in variable after, Int
// $p3: key 1 of the cursor in variable after, String
// $p4: key 2 of the cursor in variable after, ID
// $p5: 4
UNWIND $p0 AS words
CALL (words) {
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
WHERE (rank > $p2 OR (rank = $p2 AND (type > $p3 OR (type = $p3 AND n.id > $p4))))
ORDER BY rank, type, n.id
LIMIT $p5
RETURN {
  _at: [rank, type, n.id],
  match: ['EXACT', 'PREFIX', 'WORD'][rank],
  node: {
    id: n.id,
    sku: n.sku,
    name: n.name
  }
} AS row
