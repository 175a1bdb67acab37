// How many values some nodes hold, and by how many relationships they are bound.
MATCH (n) WHERE elementId(n) IN $nodes
WITH collect(n) AS nodes
RETURN {
  values: reduce(total = 0, n IN nodes | total + size([name IN $fields WHERE n[name] IS NOT NULL])),
  relationships: COUNT { UNWIND nodes AS n MATCH (n)-[r]-() RETURN DISTINCT r }
} AS row
