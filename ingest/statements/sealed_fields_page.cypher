// Some nodes of one label with something in sealed fields, or beside them, in the order of their keys; each with whose it is.
MATCH (n:«LABEL»)
WHERE n.sourceKey > $after AND any(name IN $names WHERE n[name] IS NOT NULL)
WITH n ORDER BY n.sourceKey LIMIT $most
RETURN {place: n.sourceKey, owner: coalesce(head(COLLECT {
    MATCH «CUSTOMER»
    RETURN customer.id ORDER BY customer.id
  }), 'nobody'), values: [name IN $names | n[name]]} AS row
ORDER BY row.place
