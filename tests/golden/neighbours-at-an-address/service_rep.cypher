// root: customer
// $p0: variable id, ID
// $p1: 11
MATCH (n:Customer {id: $p0})
WHERE n.status IN ['ACTIVE', 'DECEASED']
  AND (n.region IN $actor_regions OR '*' IN $actor_regions OR EXISTS { (n)<-[:SERVES]-(n_team:Team) WHERE EXISTS { (n_team)<-[:WORKS_IN]-(n_team_employee:Employee) WHERE n_team_employee.number = $actor_id } })
RETURN {
  _about: n.id,
  address: COLLECT {
    MATCH (n)-[:LIVES_AT]->(n_address:Address)
    WITH n_address
    ORDER BY n_address.id
    LIMIT 1
    WITH n_address,
      EXISTS { (n_address)<-[:LIVES_AT]-(n_address_customer:Customer) WHERE EXISTS { (n_address_customer)-[:STANDS]->(n_address_customer_standing:Standing) WHERE n_address_customer_standing.purpose = $purpose AND n_address_customer_standing.lawful AND (n_address_customer_standing.until IS NULL OR n_address_customer_standing.until > $now) } } AS n_address_rule0
    RETURN {
      city: CASE WHEN n_address_rule0 THEN n_address.city ELSE null END,
      country: n_address.country,
      _rule0: n_address_rule0,
      residents: COLLECT {
        MATCH (n_address)<-[:LIVES_AT]-(n_address_residents:Customer)
        WHERE n_address_residents.status IN ['ACTIVE', 'DECEASED']
          AND (n_address_residents.region IN $actor_regions OR '*' IN $actor_regions OR EXISTS { (n_address_residents)<-[:SERVES]-(n_address_residents_team:Team) WHERE EXISTS { (n_address_residents_team)<-[:WORKS_IN]-(n_address_residents_team_employee:Employee) WHERE n_address_residents_team_employee.number = $actor_id } })
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
