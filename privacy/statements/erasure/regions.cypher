// Where customers live: a number without a country is tried as dialled from each.
MATCH (customer:Customer) WHERE customer.region IS NOT NULL
RETURN DISTINCT customer.region
