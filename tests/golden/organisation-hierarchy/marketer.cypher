// root: customer
// $p0: variable id, ID
// $p1: 11
// $p2: 6
MATCH (n:Customer {id: $p0})
WHERE n.status IN ['ACTIVE']
  AND EXISTS { (n)-[:STANDS]->(n_standing:Standing) WHERE n_standing.purpose = $purpose AND n_standing.lawful AND (n_standing.until IS NULL OR n_standing.until > $now) }
RETURN {
  id: n.id,
  partOf: COLLECT {
    MATCH (n)-[:PART_OF]->(n_partOf:Customer)
    WHERE n_partOf.status IN ['ACTIVE']
      AND EXISTS { (n_partOf)-[:STANDS]->(n_partOf_standing:Standing) WHERE n_partOf_standing.purpose = $purpose AND n_partOf_standing.lawful AND (n_partOf_standing.until IS NULL OR n_partOf_standing.until > $now) }
    WITH n_partOf
    ORDER BY n_partOf.id
    LIMIT 1
    RETURN {
      id: n_partOf.id,
      partOf: COLLECT {
        MATCH (n_partOf)-[:PART_OF]->(n_partOf_partOf:Customer)
        WHERE n_partOf_partOf.status IN ['ACTIVE']
          AND EXISTS { (n_partOf_partOf)-[:STANDS]->(n_partOf_partOf_standing:Standing) WHERE n_partOf_partOf_standing.purpose = $purpose AND n_partOf_partOf_standing.lawful AND (n_partOf_partOf_standing.until IS NULL OR n_partOf_partOf_standing.until > $now) }
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
    WHERE n_parts.status IN ['ACTIVE']
      AND EXISTS { (n_parts)-[:STANDS]->(n_parts_standing:Standing) WHERE n_parts_standing.purpose = $purpose AND n_parts_standing.lawful AND (n_parts_standing.until IS NULL OR n_parts_standing.until > $now) }
    WITH n_parts
    ORDER BY n_parts.id
    LIMIT $p1
    RETURN {
      id: n_parts.id,
      contacts: COLLECT {
        MATCH (n_parts)<-[:WORKS_FOR]-(n_parts_contacts:Customer)
        WHERE n_parts_contacts.status IN ['ACTIVE']
          AND EXISTS { (n_parts_contacts)-[:STANDS]->(n_parts_contacts_standing:Standing) WHERE n_parts_contacts_standing.purpose = $purpose AND n_parts_contacts_standing.lawful AND (n_parts_contacts_standing.until IS NULL OR n_parts_contacts_standing.until > $now) }
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
    WHERE n_contacts.status IN ['ACTIVE']
      AND EXISTS { (n_contacts)-[:STANDS]->(n_contacts_standing:Standing) WHERE n_contacts_standing.purpose = $purpose AND n_contacts_standing.lawful AND (n_contacts_standing.until IS NULL OR n_contacts_standing.until > $now) }
    WITH n_contacts
    ORDER BY n_contacts.id
    LIMIT $p1
    RETURN {
      id: n_contacts.id,
      employer: COLLECT {
        MATCH (n_contacts)-[:WORKS_FOR]->(n_contacts_employer:Customer)
        WHERE n_contacts_employer.status IN ['ACTIVE']
          AND EXISTS { (n_contacts_employer)-[:STANDS]->(n_contacts_employer_standing:Standing) WHERE n_contacts_employer_standing.purpose = $purpose AND n_contacts_employer_standing.lawful AND (n_contacts_employer_standing.until IS NULL OR n_contacts_employer_standing.until > $now) }
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
