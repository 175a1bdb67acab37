// Orders to suppliers for which a day was promised.
MATCH (s:Supplier)<-[:FILLED_BY]-(p:PurchaseOrder) WHERE p.promisedOn IS NOT NULL
RETURN {supplier: s.id, promised: toString(p.promisedOn), received: toString(p.receivedOn)} AS row
ORDER BY row.supplier, row.promised, p.id
