// The id of a customer whom the loader knows by this key.
MATCH (customer:Customer {sourceKey: $customer})
RETURN customer.id
