// Customers by their ids, with the key by which the loader knows them.
MATCH (customer:Customer) WHERE customer.id IN $customers
RETURN {id: customer.id, key: customer.sourceKey, kind: customer.kind} AS row
