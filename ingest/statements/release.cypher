// What is nobody's any more: its clues lead to several since they are several.
UNWIND $places AS place
MATCH (record:SourceRecord {sourceKey: place})-[:RECORDS]->(thing)<-[old:HAD|PLACED|OPENED|RECEIVED]-(customer:Customer)
WHERE customer.id IN $customers
OPTIONAL MATCH (thing)-[way:VIA]->(:Channel)
DELETE old, way
SET record.resolution = 'UNATTRIBUTED', record.method = null, record.sourceDigest = null
