// root: aggregate
// $p0: 101
RETURN {
  t0: COLLECT {
    MATCH (n:Customer)
    WHERE n.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED']
      AND n.id = $actor_id
    WITH n.region AS k0
    WITH k0,
      count(*) AS records
    ORDER BY records DESC, k0
    LIMIT $p0
    RETURN {
      k0: k0,
      records: records
    } AS found
  }
} AS row
