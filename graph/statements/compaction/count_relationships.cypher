// How many relationships there are.
MATCH ()-[r]->()
RETURN count(r)
