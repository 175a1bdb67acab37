// Which customer each record of a silo belongs to already.
MATCH (record:SourceRecord)-[:RESOLVES_TO]->(customer:Customer)
WHERE customer.sourceKey IS NOT NULL
RETURN {kind: record.kind, system: record.system, key: record.recordId, customer: customer.sourceKey} AS row
