// root: customer
// $p0: variable id, ID
MATCH (n:Customer {id: $p0})
WHERE n.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED']
RETURN {
  id: n.id,
  birthDate: toString(n.birthDate),
  lifetimeValue: n.lifetimeValue,
  _sealed_nationalId: n.nationalId
} AS row
