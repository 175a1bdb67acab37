// A decision of a customer, on a record of her own here: merged with another, neither one's word is the other's. Where her
// records belong together surely it also stands for every record on which she decided.
MATCH (customer:Customer {id: $customer})
CREATE (customer)-[:GAVE]->(made:Consent)
SET made = $properties, made.onRecord = 'api:' + $customer, made.capturedAt = $now, made.expiresAt = $expires
WITH customer, made
WHERE EXISTS { (:SourceRecord)-[:RESOLVES_TO]->(customer) }
  AND NOT EXISTS { (:SourceRecord)-[how:RESOLVES_TO]->(customer) WHERE how.method IS NULL OR NOT how.method IN $sure }
SET made.onRecords = COLLECT {
  MATCH (customer)-[:GAVE]->(other:Consent) WHERE other.onRecord IS NOT NULL
  RETURN DISTINCT other.onRecord AS record ORDER BY record
}
