// Which of these places have a record already: it is not one of the erased.
UNWIND $places AS place
MATCH (record:SourceRecord {sourceKey: place})
RETURN place
