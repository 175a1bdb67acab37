// The same relationships in the new store, between nodes by the ids that they have there.
UNWIND $rows AS row
MATCH (from) WHERE id(from) = row[0]
MATCH (to) WHERE id(to) = row[2]
CREATE (from)-[r:$(row[1])]->(to)
SET r = row[3]
RETURN count(r) AS made
