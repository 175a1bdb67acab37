// How many relationships there are, from the counts that Neo4j keeps.
MATCH ()-[r]->() RETURN count(r)
