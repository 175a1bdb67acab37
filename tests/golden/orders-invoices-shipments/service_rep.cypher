// root: customer
// $p0: variable id, ID
// $p1: 11
// $p2: 21
MATCH (n:Customer {id: $p0})
WHERE n.status IN ['ACTIVE', 'DECEASED']
  AND (n.region IN $actor_regions OR '*' IN $actor_regions OR EXISTS { (n)<-[:SERVES]-(n_team:Team) WHERE EXISTS { (n_team)<-[:WORKS_IN]-(n_team_employee:Employee) WHERE n_team_employee.number = $actor_id } })
RETURN {
  _about: n.id,
  orders: COLLECT {
    MATCH (n)-[:PLACED]->(n_orders:Order)
    WITH n_orders
    ORDER BY n_orders.placedAt DESC, n_orders.id
    LIMIT $p1
    RETURN {
      number: n_orders.number,
      placedAt: toString(n_orders.placedAt),
      status: n_orders.status,
      total: n_orders.total,
      currency: n_orders.currency,
      invoices: COLLECT {
        MATCH (n_orders)-[:BILLED_BY]->(n_orders_invoices:Invoice)
        WITH n_orders_invoices
        ORDER BY n_orders_invoices.id
        LIMIT $p2
        RETURN {
          number: n_orders_invoices.number,
          kind: n_orders_invoices.kind,
          issuedOn: toString(n_orders_invoices.issuedOn),
          dueOn: toString(n_orders_invoices.dueOn),
          paidOn: toString(n_orders_invoices.paidOn),
          amount: n_orders_invoices.amount,
          dunningLevel: n_orders_invoices.dunningLevel
        } AS row
      },
      shipments: COLLECT {
        MATCH (n_orders)-[:SHIPPED_BY]->(n_orders_shipments:Shipment)
        WITH n_orders_shipments
        ORDER BY n_orders_shipments.id
        LIMIT $p2
        RETURN {
          number: n_orders_shipments.number,
          carrier: n_orders_shipments.carrier,
          status: n_orders_shipments.status,
          promisedOn: toString(n_orders_shipments.promisedOn),
          deliveredAt: toString(n_orders_shipments.deliveredAt),
          delayReason: n_orders_shipments.delayReason,
          history: n_orders_shipments.history
        } AS row
      }
    } AS row
  }
} AS row
