// Parcels for which a day was promised, with the suppliers of what is in the order.
MATCH (o:Order)-[:SHIPPED_BY]->(p:Shipment) WHERE p.promisedOn IS NOT NULL
RETURN {
  order: o.id, promised: toString(p.promisedOn), delivered: toString(date(p.deliveredAt)),
  suppliers: COLLECT { MATCH (o)-[:OF]->(:Product)<-[:SUPPLIES]-(s:Supplier) RETURN DISTINCT s.id },
  customer: head(COLLECT { MATCH (o)<-[:PLACED]-(c:Customer) RETURN c.id ORDER BY c.id LIMIT 1 })
} AS row
ORDER BY row.order, p.id
