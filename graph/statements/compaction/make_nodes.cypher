// The same nodes in the new store; each with the id that it had and the id that it has.
UNWIND $rows AS row
CREATE (n:$(row[1]))
SET n = row[2]
RETURN [row[0], id(n)] AS ids
