// Every golden record that the loader made, and what the sources last said of it.
MATCH (customer:Customer)
WHERE customer.sourceKey IS NOT NULL
RETURN {key: customer.sourceKey, id: customer.id, digest: customer.sourceDigest} AS row
