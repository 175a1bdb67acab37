// root: purchaseOrders
// $p0: variable day, Date
// $p1: 21
RETURN {
  rows: COLLECT {
    MATCH (n:PurchaseOrder)
    WHERE n.promisedOn < date($p0)
      AND (n.receivedOn >= date($p0) OR n.receivedOn IS NULL)
    WITH n
    ORDER BY n.promisedOn, n.id
    LIMIT $p1
    RETURN {
      number: n.number,
      quantity: n.quantity,
      orderedOn: toString(n.orderedOn),
      promisedOn: toString(n.promisedOn),
      receivedOn: toString(n.receivedOn),
      unitCost: n.unitCost,
      currency: n.currency,
      supplier: COLLECT {
        MATCH (n)-[:FILLED_BY]->(n_supplier:Supplier)
        WITH n_supplier
        ORDER BY n_supplier.id
        LIMIT 1
        RETURN {
          number: n_supplier.number,
          name: n_supplier.name
        } AS row
      }[0],
      product: COLLECT {
        MATCH (n)-[:BUYS]->(n_product:Product)
        WITH n_product
        ORDER BY n_product.id
        LIMIT 1
        RETURN {
          sku: n_product.sku,
          name: n_product.name
        } AS row
      }[0]
    } AS row
  },
  total: size(COLLECT {
    MATCH (n:PurchaseOrder)
    WHERE n.promisedOn < date($p0)
      AND (n.receivedOn >= date($p0) OR n.receivedOn IS NULL)
    RETURN 1 AS one LIMIT 10000
  })
} AS row
