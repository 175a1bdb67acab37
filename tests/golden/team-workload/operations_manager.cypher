// root: teams
// $p0: 21
// $p1: 51
CALL () {
  MATCH (n:Team)
  USING INDEX n:Team(name)
  WHERE n.name IS NOT NULL
  WITH n
  ORDER BY n.name, n.id
  LIMIT $p0
  RETURN collect(n) AS first
}
CALL (first) {
  UNWIND first AS n
  RETURN n
  UNION ALL
  UNWIND CASE WHEN size(first) < $p0 THEN [true] ELSE [] END AS more
  CALL (more) {
    MATCH (n:Team)
    WHERE n.name IS NULL
    WITH n
    ORDER BY n.id
    LIMIT $p0
    RETURN n
  }
  RETURN n
}
WITH n
ORDER BY n.name, n.id
LIMIT $p0
RETURN {
  name: n.name,
  _total_cases: size(COLLECT {
    MATCH (n)<-[:LIES_WITH]-(n_cases:Case)
    WHERE (EXISTS { (n_cases)<-[:OPENED]-(n_cases_customer:Customer) WHERE n_cases_customer.status IN ['ACTIVE', 'DECEASED'] AND EXISTS { (n_cases_customer)-[:STANDS]->(n_cases_customer_standing:Standing) WHERE n_cases_customer_standing.purpose = $purpose AND n_cases_customer_standing.lawful AND (n_cases_customer_standing.until IS NULL OR n_cases_customer_standing.until > $now) } } OR NOT (EXISTS { (n_cases)<-[:OPENED]-(:Customer) }))
    RETURN 1 AS one LIMIT 10000
  }),
  members: COLLECT {
    MATCH (n)<-[:WORKS_IN]-(n_members:Employee)
    WITH n_members
    ORDER BY n_members.id
    LIMIT $p1
    RETURN {
      number: n_members.number,
      name: n_members.name,
      regions: n_members.regions,
      languages: n_members.languages,
      _total_cases: size(COLLECT {
        MATCH (n_members)<-[:WORKED_BY]-(n_members_cases:Case)
        WHERE (EXISTS { (n_members_cases)<-[:OPENED]-(n_members_cases_customer:Customer) WHERE n_members_cases_customer.status IN ['ACTIVE', 'DECEASED'] AND EXISTS { (n_members_cases_customer)-[:STANDS]->(n_members_cases_customer_standing:Standing) WHERE n_members_cases_customer_standing.purpose = $purpose AND n_members_cases_customer_standing.lawful AND (n_members_cases_customer_standing.until IS NULL OR n_members_cases_customer_standing.until > $now) } } OR NOT (EXISTS { (n_members_cases)<-[:OPENED]-(:Customer) }))
        RETURN 1 AS one LIMIT 10000
      }),
      _total_interactions: size(COLLECT {
        MATCH (n_members)<-[:HANDLED_BY]-(n_members_interactions:Interaction)
        WHERE (EXISTS { (n_members_interactions)<-[:HAD]-(n_members_interactions_customer:Customer) WHERE n_members_interactions_customer.status IN ['ACTIVE', 'DECEASED'] AND EXISTS { (n_members_interactions_customer)-[:STANDS]->(n_members_interactions_customer_standing:Standing) WHERE n_members_interactions_customer_standing.purpose = $purpose AND n_members_interactions_customer_standing.lawful AND (n_members_interactions_customer_standing.until IS NULL OR n_members_interactions_customer_standing.until > $now) } } OR NOT (EXISTS { (n_members_interactions)<-[:HAD]-(:Customer) }))
        RETURN 1 AS one LIMIT 10000
      })
    } AS row
  }
} AS row
