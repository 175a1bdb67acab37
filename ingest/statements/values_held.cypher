// Which records of persons are a customer's, and what each says of an attribute.
MATCH (record:SourceRecord {kind: 'customer'})-[:RESOLVES_TO]->(customer:Customer {id: $customer})
OPTIONAL MATCH (customer)-[:PROVEN_BY]->(proof:AttributeProvenance {attribute: $attribute, system: record.system})
WHERE proof.recordId = record.recordId
RETURN {system: record.system, record: record.recordId, value: proof.value} AS row
ORDER BY row.system, row.record
