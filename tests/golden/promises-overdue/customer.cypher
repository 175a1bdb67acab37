// root: promises
// $p0: 'OPEN', Enum
// $p1: variable now, DateTime
// $p2: 21
RETURN {
  rows: COLLECT {
    MATCH (n:Promise)<-[:WAS_PROMISED]-(:Customer {id: $actor_id})
    WITH DISTINCT n
    WHERE EXISTS { (n)<-[:WAS_PROMISED]-(n_customer:Customer) WHERE n_customer.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED'] AND n_customer.id = $actor_id }
      AND n.state = $p0
      AND n.dueAt < datetime($p1)
    WITH n
    ORDER BY n.dueAt, n.id
    LIMIT $p2
    RETURN {
      id: n.id,
      madeAt: toString(n.madeAt),
      dueAt: toString(n.dueAt),
      _about: [(n)<-[:WAS_PROMISED]-(n_who:Customer) | n_who.id],
      _at: [toString(n.dueAt), n.id],
      customer: COLLECT {
        MATCH (n)<-[:WAS_PROMISED]-(n_customer:Customer)
        WHERE n_customer.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED']
          AND n_customer.id = $actor_id
        WITH n_customer
        ORDER BY n_customer.id
        LIMIT 1
        RETURN {
          id: n_customer.id
        } AS row
      }[0]
    } AS row
  },
  total: size(COLLECT {
    MATCH (n:Promise)<-[:WAS_PROMISED]-(:Customer {id: $actor_id})
    WITH DISTINCT n
    WHERE EXISTS { (n)<-[:WAS_PROMISED]-(n_customer:Customer) WHERE n_customer.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED'] AND n_customer.id = $actor_id }
      AND n.state = $p0
      AND n.dueAt < datetime($p1)
    RETURN 1 AS one LIMIT 10000
  })
} AS row
