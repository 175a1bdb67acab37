// Every relationship with its ends and properties.
MATCH (from)-[r]->(to)
RETURN [id(from), type(r), id(to), properties(r)] AS row
