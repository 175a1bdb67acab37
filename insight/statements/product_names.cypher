// What the catalogue calls its products.
MATCH (p:Product) RETURN DISTINCT p.name ORDER BY p.name
