// What some rows made.
UNWIND $nodes AS one
MATCH (row:SourceRecord) WHERE elementId(row) = one
MATCH (row)-[:RECORDS]->(thing)
RETURN {node: elementId(thing), label: head(labels(thing))} AS row
