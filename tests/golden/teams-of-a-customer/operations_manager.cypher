// root: customer
// $p0: variable id, ID
// $p1: 21
// $p2: 4
MATCH (n:Customer {id: $p0})
WHERE n.status IN ['ACTIVE', 'DECEASED']
  AND EXISTS { (n)-[:STANDS]->(n_standing:Standing) WHERE n_standing.purpose = $purpose AND n_standing.lawful AND (n_standing.until IS NULL OR n_standing.until > $now) }
RETURN {
  id: n.id,
  servedBy: COLLECT {
    MATCH (n)<-[:SERVES]-(n_servedBy:Team)
    WITH n_servedBy
    ORDER BY n_servedBy.id
    LIMIT $p1
    RETURN {
      name: n_servedBy.name,
      members: COLLECT {
        MATCH (n_servedBy)<-[:WORKS_IN]-(n_servedBy_members:Employee)
        WITH n_servedBy_members
        ORDER BY n_servedBy_members.id
        LIMIT $p2
        RETURN {
          number: n_servedBy_members.number
        } AS row
      }
    } AS row
  }
} AS row
