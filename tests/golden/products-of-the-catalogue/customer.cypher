// root: products
// $p0: variable to, Decimal
// $p1: variable from, Decimal
// $p2: 21
MATCH (n:Product)
WHERE n.price < $p0
  AND n.price >= $p1
  AND n.discontinuedOn IS NULL
WITH n
ORDER BY n.price IS NULL, n.price DESC, n.sku, n.id
LIMIT $p2
RETURN {
  sku: n.sku,
  name: n.name,
  category: n.category,
  price: n.price,
  revision: n.revision
} AS row
