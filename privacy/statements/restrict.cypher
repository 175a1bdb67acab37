// A customer's data is not used any more, except where policies may read what is restricted. Of the dead, too.
MATCH (customer:Customer {id: $customer})
WHERE customer.status <> 'ERASED'
SET customer.status = 'RESTRICTED', customer.updatedAt = $now
RETURN customer.id
