// A customer and who was merged into her, as nodes.
CALL () {
  MATCH (n:Customer) WHERE n.id IN $ids RETURN n
  UNION
  MATCH (n:AbsorbedCustomer) WHERE n.id IN $ids RETURN n
}
RETURN elementId(n)
