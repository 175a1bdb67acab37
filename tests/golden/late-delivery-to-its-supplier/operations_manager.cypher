// root: customer
// $p0: variable id, ID
// $p1: 6
// $p2: 21
// $p3: 4
MATCH (n:Customer {id: $p0})
WHERE n.status IN ['ACTIVE', 'DECEASED']
  AND EXISTS { (n)-[:STANDS]->(n_standing:Standing) WHERE n_standing.purpose = $purpose AND n_standing.lawful AND (n_standing.until IS NULL OR n_standing.until > $now) }
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
      shipments: COLLECT {
        MATCH (n_orders)-[:SHIPPED_BY]->(n_orders_shipments:Shipment)
        WITH n_orders_shipments
        ORDER BY n_orders_shipments.id
        LIMIT $p2
        RETURN {
          number: n_orders_shipments.number,
          status: n_orders_shipments.status,
          promisedOn: toString(n_orders_shipments.promisedOn),
          deliveredAt: toString(n_orders_shipments.deliveredAt),
          delayReason: n_orders_shipments.delayReason
        } AS row
      },
      products: COLLECT {
        MATCH (n_orders)-[:OF]->(n_orders_products:Product)
        WITH n_orders_products
        ORDER BY n_orders_products.id
        LIMIT $p2
        RETURN {
          sku: n_orders_products.sku,
          name: n_orders_products.name,
          supplier: COLLECT {
            MATCH (n_orders_products)<-[:SUPPLIES]-(n_orders_products_supplier:Supplier)
            WITH n_orders_products_supplier
            ORDER BY n_orders_products_supplier.id
            LIMIT 1
            RETURN {
              name: n_orders_products_supplier.name
            } AS row
          }[0],
          purchases: COLLECT {
            MATCH (n_orders_products)<-[:BUYS]-(n_orders_products_purchases:PurchaseOrder)
            WITH n_orders_products_purchases
            ORDER BY n_orders_products_purchases.promisedOn IS NULL, n_orders_products_purchases.promisedOn DESC, n_orders_products_purchases.id
            LIMIT $p3
            RETURN {
              number: n_orders_products_purchases.number,
              promisedOn: toString(n_orders_products_purchases.promisedOn),
              receivedOn: toString(n_orders_products_purchases.receivedOn),
              supplier: COLLECT {
                MATCH (n_orders_products_purchases)-[:FILLED_BY]->(n_orders_products_purchases_supplier:Supplier)
                WITH n_orders_products_purchases_supplier
                ORDER BY n_orders_products_purchases_supplier.id
                LIMIT 1
                RETURN {
                  name: n_orders_products_purchases_supplier.name
                } AS row
              }[0]
            } AS row
          }
        } AS row
      }
    } AS row
  }
} AS row
