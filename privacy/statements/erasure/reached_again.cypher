// Customers whom a load that was under way made anew.
MATCH (receipt:ErasureReceipt {id: $receipt})
UNWIND $ids AS id
MATCH (customer:Customer {id: id}) WHERE customer.status <> 'ERASED'
SET customer.status = 'ERASED'
WITH receipt, collect(customer.id) AS ids
SET receipt.merged = receipt.merged + [id IN ids WHERE NOT id IN receipt.merged]
