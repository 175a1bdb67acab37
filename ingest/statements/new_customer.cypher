// A customer for records that are not the other's; the golden record follows.
CREATE (made:Customer {id: $id, sourceKey: $key, createdAt: $now})
RETURN made.id
