// Whose every record is: by itself, or through what it made. A row that was delivered twice counts once.
MATCH (record:SourceRecord) WHERE record.kind IN $kinds
OPTIONAL MATCH (record)-[:RESOLVES_TO]->(own:Customer)
OPTIONAL MATCH (record)-[:RECORDS]->()<-[:HAD|PLACED|OPENED|GAVE]-(owner:Customer)
RETURN DISTINCT {system: record.system, record: record.recordId, customer: coalesce(own.id, owner.id)} AS row
