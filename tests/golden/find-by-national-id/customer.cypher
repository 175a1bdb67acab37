// root: customers
// $p0: entry of variable number in the blind index of Customer.nationalId
// $p1: 3
RETURN {
  rows: COLLECT {
    MATCH (n:Customer)
    WHERE n.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED']
      AND n.id = $actor_id
      AND n.nationalIdBlind = $p0
    WITH n
    ORDER BY n.id
    LIMIT $p1
    RETURN {
      id: n.id,
      nationalId: n.nationalId,
      _key: n.sourceKey
    } AS row
  },
  total: size(COLLECT {
    MATCH (n:Customer)
    WHERE n.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED']
      AND n.id = $actor_id
      AND n.nationalIdBlind = $p0
    RETURN 1 AS one LIMIT 10000
  })
} AS row
