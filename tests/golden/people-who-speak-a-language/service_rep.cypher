// root: employees
// $p0: variable region, String
// $p1: variable language, String
// $p2: 21
MATCH (n:Employee)
USING INDEX n:Employee(id)
WHERE n.id IS NOT NULL
  AND $p0 IN n.regions
  AND $p1 IN n.languages
  AND n.until IS NULL
WITH n
ORDER BY n.id
LIMIT $p2
RETURN {
  number: n.number,
  name: n.name,
  team: COLLECT {
    MATCH (n)-[:WORKS_IN]->(n_team:Team)
    WITH n_team
    ORDER BY n_team.id
    LIMIT 1
    RETURN {
      name: n_team.name
    } AS row
  }[0]
} AS row
