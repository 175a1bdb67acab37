// Takes away customers whose records all belong to others by now, with what was derived for them alone.
UNWIND $keys AS key
MATCH (customer:Customer {sourceKey: key})
WHERE NOT EXISTS { (:SourceRecord)-[:RESOLVES_TO]->(customer) }
OPTIONAL MATCH (customer)-[:STANDS|REACHABLE_ON|PROVEN_BY|SHOWS]->(derived)
DETACH DELETE derived, customer
