// Whose every record is: by itself, or through what it made. A row that was delivered twice counts once.
MATCH (record:SourceRecord) WHERE record.system IN $systems
OPTIONAL MATCH (record)-[:RESOLVES_TO]->(own:Customer)
OPTIONAL MATCH (record)-[:RECORDS]->()<-[:HAD|PLACED|OPENED|GAVE]-(owner:Customer)
RETURN DISTINCT {system: record.system, record: record.recordId,
  customer: coalesce(own.sourceKey, own.id, owner.sourceKey, owner.id)} AS row
