// root: customer
// $p0: variable id, ID
// $p1: 21
MATCH (n:Customer {id: $p0})
WHERE n.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED']
RETURN {
  id: n.id,
  household: COLLECT {
    MATCH (n)-[:MEMBER_OF]->(n_household:Household)
    WITH n_household
    ORDER BY n_household.id
    LIMIT 1
    RETURN {
      id: n_household.id,
      size: n_household.size,
      members: COLLECT {
        MATCH (n_household)<-[:MEMBER_OF]-(n_household_members:Customer)
        WHERE n_household_members.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED']
        WITH n_household_members
        ORDER BY n_household_members.id
        LIMIT $p1
        RETURN {
          id: n_household_members.id,
          region: n_household_members.region
        } AS row
      }
    } AS row
  }[0]
} AS row
