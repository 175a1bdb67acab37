// Some rows in the order of their keys, each with whose it is: what is sealed there, and by which key.
MATCH (record:SourceRecord)
WHERE record.sourceKey > $after
WITH record ORDER BY record.sourceKey LIMIT $most
RETURN {place: record.sourceKey, owner: coalesce(head(COLLECT {
    MATCH (record)-[:RESOLVES_TO]->(customer:Customer)
    RETURN customer.id
    UNION
    MATCH (record)-[:RECORDS]->()<-[:HAD|PLACED|OPENED|GAVE|RECEIVED]-(customer:Customer)
    RETURN customer.id
    UNION
    MATCH (record)-[:RECORDS]->()<-[:BILLED_BY|SHIPPED_BY]-()<-[:PLACED]-(customer:Customer)
    RETURN customer.id
  }), 'nobody'),
  begins: [name IN $names WHERE record[name] IS NOT NULL | left(record[name], $long)]} AS row
ORDER BY row.place
