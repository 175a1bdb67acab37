// A customer for records that are not the other's; the golden record follows. What restricts the one restricts both.
MATCH (other:Customer {sourceKey: $other})
CREATE (made:Customer {id: $id, sourceKey: $key, createdAt: $now, status: other.status})
RETURN made.id
