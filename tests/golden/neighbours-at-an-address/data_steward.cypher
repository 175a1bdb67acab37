// root: customer
// $p0: variable id, ID
// $p1: 11
MATCH (n:Customer {id: $p0})
WHERE n.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED']
RETURN {
  _about: n.id,
  address: COLLECT {
    MATCH (n)-[:LIVES_AT]->(n_address:Address)
    WITH n_address
    ORDER BY n_address.id
    LIMIT 1
    RETURN {
      city: n_address.city,
      country: n_address.country,
      residents: COLLECT {
        MATCH (n_address)<-[:LIVES_AT]-(n_address_residents:Customer)
        WHERE n_address_residents.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED']
        WITH n_address_residents
        ORDER BY n_address_residents.id
        LIMIT $p1
        RETURN {
          id: n_address_residents.id
        } AS row
      }
    } AS row
  }[0]
} AS row
