// root: callers
// $p0: 'EMAIL', Enum
// $p1: spellings of variable email as 'EMAIL'
// $p2: key 0 of the cursor in variable after, ID
// $p3: 3
RETURN {
  rows: COLLECT {
    MATCH (handle:Identity {kind: $p0})
    WHERE handle.normalized IN $p1
    MATCH (handle)<-[:HAS_IDENTITY]-(n:Customer)
    WITH DISTINCT n
    WHERE n.status IN ['ACTIVE', 'DECEASED']
      AND (n.region IN $actor_regions OR '*' IN $actor_regions OR EXISTS { (n)<-[:SERVES]-(n_team:Team) WHERE EXISTS { (n_team)<-[:WORKS_IN]-(n_team_employee:Employee) WHERE n_team_employee.number = $actor_id } })
      AND n.id > $p2
    WITH n
    ORDER BY n.id
    LIMIT $p3
    WITH n,
      EXISTS { (n)-[:STANDS]->(n_standing:Standing) WHERE n_standing.purpose = $purpose AND n_standing.lawful AND (n_standing.until IS NULL OR n_standing.until > $now) } AS n_rule0,
      n.id IN $revealed_Customer_birthDate AS n_rule1,
      n.id IN $revealed_Customer_nationalId AS n_rule2
    RETURN {
      id: n.id,
      email: CASE WHEN n_rule0 THEN n.email ELSE '…@' + split(n.email, '@')[-1] END,
      _rule0: n_rule0,
      _rule1: n_rule1,
      _rule2: n_rule2,
      _sealed_nationalId: CASE WHEN n_rule2 THEN n.nationalId ELSE '…' + right(n.nationalIdLast4, 4) END,
      _at: [n.id]
    } AS row
  },
  total: size(COLLECT {
    MATCH (handle:Identity {kind: $p0})
    WHERE handle.normalized IN $p1
    MATCH (handle)<-[:HAS_IDENTITY]-(n:Customer)
    WITH DISTINCT n
    WHERE n.status IN ['ACTIVE', 'DECEASED']
      AND (n.region IN $actor_regions OR '*' IN $actor_regions OR EXISTS { (n)<-[:SERVES]-(n_team:Team) WHERE EXISTS { (n_team)<-[:WORKS_IN]-(n_team_employee:Employee) WHERE n_team_employee.number = $actor_id } })
    RETURN 1 AS one LIMIT 10000
  })
} AS row
