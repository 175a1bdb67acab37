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
}
WITH n, type, rank
ORDER BY rank, type, n.id
LIMIT $p2
WITH n,
  type,
  rank,
  EXISTS { (n)-[:STANDS]->(n_standing:Standing) WHERE n_standing.purpose = $purpose AND n_standing.lawful AND (n_standing.until IS NULL OR n_standing.until > $now) } AS n_rule0,
  n.id IN $revealed_Customer_birthDate AS n_rule1,
  n.id IN $revealed_Customer_nationalId AS n_rule2
RETURN {
  _at: [rank, type, n.id],
  match: ['EXACT', 'PREFIX', 'WORD'][rank],
  node: {
    id: n.id,
    name: n.name,
    email: CASE WHEN n_rule0 THEN n.email ELSE '…@' + split(n.email, '@')[-1] END,
    phone: CASE WHEN n_rule0 THEN n.phone ELSE '…' + right(n.phone, 4) END,
    _rule0: n_rule0,
    _rule1: n_rule1,
    _rule2: n_rule2,
    _sealed_nationalId: CASE WHEN n_rule2 THEN n.nationalId ELSE '…' + right(n.nationalIdLast4, 4) END
  }
} AS row
