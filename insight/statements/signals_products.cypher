// What is in the catalogue: what each product is called, and whether it is sold today.
MATCH (product:Product)
RETURN {id: product.id, name: coalesce(product.name, product.sku),
  sold: (product.introducedOn IS NULL OR product.introducedOn <= $today)
    AND (product.discontinuedOn IS NULL OR product.discontinuedOn > $today)} AS row
