// root: orders
// $p0: variable number, String
// $p1: 2
// $p2: 21
MATCH (n:Order)
WHERE (EXISTS { (n)<-[:PLACED]-(n_customer:Customer) WHERE n_customer.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED'] } OR NOT (EXISTS { (n)<-[:PLACED]-(:Customer) }))
  AND n.number = $p0
WITH n
ORDER BY n.id
LIMIT $p1
RETURN {
  id: n.id,
  number: n.number,
  _about: [(n)<-[:PLACED]-(n_who:Customer) | n_who.id],
  customer: COLLECT {
    MATCH (n)<-[:PLACED]-(n_customer:Customer)
    WHERE n_customer.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED']
    WITH n_customer
    ORDER BY n_customer.id
    LIMIT 1
    RETURN {
      id: n_customer.id
    } AS row
  }[0],
  cases: COLLECT {
    MATCH (n)<-[:CONCERNS]-(n_cases:Case)
    WHERE (EXISTS { (n_cases)<-[:OPENED]-(n_cases_customer:Customer) WHERE n_cases_customer.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED'] } OR NOT (EXISTS { (n_cases)<-[:OPENED]-(:Customer) }))
    WITH n_cases
    ORDER BY n_cases.id
    LIMIT $p2
    RETURN {
      number: n_cases.number,
      _about: [(n_cases)<-[:OPENED]-(n_cases_who:Customer) | n_cases_who.id]
    } AS row
  }
} AS row
