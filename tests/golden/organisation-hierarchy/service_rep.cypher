// root: customer
// $p0: variable id, ID
// $p1: 11
// $p2: 6
MATCH (n:Customer {id: $p0})
WHERE n.status IN ['ACTIVE', 'DECEASED']
  AND (n.region IN $actor_regions OR '*' IN $actor_regions OR EXISTS { (n)<-[:SERVES]-(n_team:Team) WHERE EXISTS { (n_team)<-[:WORKS_IN]-(n_team_employee:Employee) WHERE n_team_employee.number = $actor_id } })
RETURN {
  id: n.id,
  partOf: COLLECT {
    MATCH (n)-[:PART_OF]->(n_partOf:Customer)
    WHERE n_partOf.status IN ['ACTIVE', 'DECEASED']
      AND (n_partOf.region IN $actor_regions OR '*' IN $actor_regions OR EXISTS { (n_partOf)<-[:SERVES]-(n_partOf_team:Team) WHERE EXISTS { (n_partOf_team)<-[:WORKS_IN]-(n_partOf_team_employee:Employee) WHERE n_partOf_team_employee.number = $actor_id } })
    WITH n_partOf
    ORDER BY n_partOf.id
    LIMIT 1
    RETURN {
      id: n_partOf.id,
      partOf: COLLECT {
        MATCH (n_partOf)-[:PART_OF]->(n_partOf_partOf:Customer)
        WHERE n_partOf_partOf.status IN ['ACTIVE', 'DECEASED']
          AND (n_partOf_partOf.region IN $actor_regions OR '*' IN $actor_regions OR EXISTS { (n_partOf_partOf)<-[:SERVES]-(n_partOf_partOf_team:Team) WHERE EXISTS { (n_partOf_partOf_team)<-[:WORKS_IN]-(n_partOf_partOf_team_employee:Employee) WHERE n_partOf_partOf_team_employee.number = $actor_id } })
        WITH n_partOf_partOf
        ORDER BY n_partOf_partOf.id
        LIMIT 1
        RETURN {
          id: n_partOf_partOf.id
        } AS row
      }[0]
    } AS row
  }[0],
  parts: COLLECT {
    MATCH (n)<-[:PART_OF]-(n_parts:Customer)
    WHERE n_parts.status IN ['ACTIVE', 'DECEASED']
      AND (n_parts.region IN $actor_regions OR '*' IN $actor_regions OR EXISTS { (n_parts)<-[:SERVES]-(n_parts_team:Team) WHERE EXISTS { (n_parts_team)<-[:WORKS_IN]-(n_parts_team_employee:Employee) WHERE n_parts_team_employee.number = $actor_id } })
    WITH n_parts
    ORDER BY n_parts.id
    LIMIT $p1
    RETURN {
      id: n_parts.id,
      contacts: COLLECT {
        MATCH (n_parts)<-[:WORKS_FOR]-(n_parts_contacts:Customer)
        WHERE n_parts_contacts.status IN ['ACTIVE', 'DECEASED']
          AND (n_parts_contacts.region IN $actor_regions OR '*' IN $actor_regions OR EXISTS { (n_parts_contacts)<-[:SERVES]-(n_parts_contacts_team:Team) WHERE EXISTS { (n_parts_contacts_team)<-[:WORKS_IN]-(n_parts_contacts_team_employee:Employee) WHERE n_parts_contacts_team_employee.number = $actor_id } })
        WITH n_parts_contacts
        ORDER BY n_parts_contacts.id
        LIMIT $p2
        RETURN {
          id: n_parts_contacts.id
        } AS row
      }
    } AS row
  },
  contacts: COLLECT {
    MATCH (n)<-[:WORKS_FOR]-(n_contacts:Customer)
    WHERE n_contacts.status IN ['ACTIVE', 'DECEASED']
      AND (n_contacts.region IN $actor_regions OR '*' IN $actor_regions OR EXISTS { (n_contacts)<-[:SERVES]-(n_contacts_team:Team) WHERE EXISTS { (n_contacts_team)<-[:WORKS_IN]-(n_contacts_team_employee:Employee) WHERE n_contacts_team_employee.number = $actor_id } })
    WITH n_contacts
    ORDER BY n_contacts.id
    LIMIT $p1
    RETURN {
      id: n_contacts.id,
      employer: COLLECT {
        MATCH (n_contacts)-[:WORKS_FOR]->(n_contacts_employer:Customer)
        WHERE n_contacts_employer.status IN ['ACTIVE', 'DECEASED']
          AND (n_contacts_employer.region IN $actor_regions OR '*' IN $actor_regions OR EXISTS { (n_contacts_employer)<-[:SERVES]-(n_contacts_employer_team:Team) WHERE EXISTS { (n_contacts_employer_team)<-[:WORKS_IN]-(n_contacts_employer_team_employee:Employee) WHERE n_contacts_employer_team_employee.number = $actor_id } })
        WITH n_contacts_employer
        ORDER BY n_contacts_employer.id
        LIMIT 1
        RETURN {
          id: n_contacts_employer.id
        } AS row
      }[0]
    } AS row
  }
} AS row
