// root: customer
// $p0: variable id, ID
// $p1: 3
MATCH (n:Customer {id: $p0})
WHERE n.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED']
  AND n.id = $actor_id
RETURN {
  id: n.id,
  nationalId: n.nationalId,
  _key: n.sourceKey,
  _sealed_nationalId: n.nationalId,
  orders: COLLECT {
    MATCH (n)-[:PLACED]->(n_orders:Order)
    WITH n_orders
    ORDER BY n_orders.id
    LIMIT $p1
    RETURN {
      id: n_orders.id,
      invoices: COLLECT {
        MATCH (n_orders)-[:BILLED_BY]->(n_orders_invoices:Invoice)
        WITH n_orders_invoices
        ORDER BY n_orders_invoices.id
        LIMIT $p1
        RETURN {
          id: n_orders_invoices.id,
          paymentReference: n_orders_invoices.paymentReference,
          _key: n_orders_invoices.sourceKey
        } AS row
      }
    } AS row
  }
} AS row
