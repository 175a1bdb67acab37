// root: suppliers
// $p0: variable spelling, String
// $p1: 6
// $p2: 11
MATCH (n:Supplier)
USING INDEX n:Supplier(id)
WHERE n.id IS NOT NULL
  AND $p0 IN n.spellings
WITH n
ORDER BY n.id
LIMIT $p1
RETURN {
  number: n.number,
  name: n.name,
  spellings: n.spellings,
  products: COLLECT {
    MATCH (n)-[:SUPPLIES]->(n_products:Product)
    WITH n_products
    ORDER BY n_products.id
    LIMIT $p2
    RETURN {
      sku: n_products.sku,
      name: n_products.name
    } AS row
  }
} AS row
