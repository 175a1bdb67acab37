// The rows in which some things came.
UNWIND $things AS thing
MATCH (n) WHERE elementId(n) = thing
MATCH (n)<-[:RECORDS]-(row:SourceRecord)
RETURN DISTINCT elementId(row)
