// The ids of customers whom the loader knows by these keys.
MATCH (customer:Customer) WHERE customer.sourceKey IN $keys
RETURN {key: customer.sourceKey, id: customer.id} AS row
