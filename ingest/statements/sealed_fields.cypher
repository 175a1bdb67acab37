// Nodes of one label with something in sealed fields, or beside them: of some customers, and of what
// some rows record; each with whose it is.
CALL () {
  MATCH (customer:Customer) WHERE customer.id IN $customers
  MATCH «OF_CUSTOMER»
  RETURN n
  UNION
«OF_ROWS»
}
WITH DISTINCT n
WHERE any(name IN $names WHERE n[name] IS NOT NULL)
RETURN {place: n.sourceKey, owner: coalesce(head(COLLECT {
    MATCH «CUSTOMER»
    RETURN customer.id ORDER BY customer.id
  }), 'nobody'), values: [name IN $names | n[name]]} AS row
ORDER BY row.place
