// root: changes
// $p0: 201
// $p1: 6
OPTIONAL MATCH (clock:LogClock {of: 'Change'})
WITH coalesce(max(clock.at), datetime({year: 9999})) AS complete
MATCH (n:Change)
USING INDEX n:Change(at)
WHERE n.at <= complete
  AND (EXISTS { (n)-[:CHANGED]->(n_customer:Customer) WHERE n_customer.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED'] } OR NOT (EXISTS { (n)-[:CHANGED]->(:Customer) }))
WITH n
ORDER BY n.at, n.id
LIMIT $p0
RETURN {
  id: n.id,
  at: toString(n.at),
  name: n.name,
  record: n.record,
  fields: n.fields,
  _about: [(n)-[:CHANGED]->(n_who:Customer) | n_who.id],
  _at: [toString(n.at), n.id],
  customers: COLLECT {
    MATCH (n)-[:CHANGED]->(n_customers:Customer)
    WHERE n_customers.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED']
    WITH n_customers
    ORDER BY n_customers.id
    LIMIT $p1
    RETURN {
      id: n_customers.id
    } AS row
  },
  deliveries: COLLECT {
    MATCH (n)<-[:TELLS]-(n_deliveries:Delivery)
    WHERE (EXISTS { (n_deliveries)-[:TELLS_OF]->(n_deliveries_customer:Customer) WHERE n_deliveries_customer.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED'] } OR NOT (EXISTS { (n_deliveries)-[:TELLS_OF]->(:Customer) }))
    WITH n_deliveries
    ORDER BY n_deliveries.id
    LIMIT $p1
    RETURN {
      system: n_deliveries.system,
      state: n_deliveries.state,
      _about: [(n_deliveries)-[:TELLS_OF]->(n_deliveries_who:Customer) | n_deliveries_who.id]
    } AS row
  }
} AS row
