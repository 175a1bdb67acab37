// Of a customer the id stays, so that nobody else gets it, and that she was erased.
UNWIND $ids AS id
CALL (id) {
  MATCH (n:Customer {id: id}) RETURN n
  UNION
  MATCH (n:AbsorbedCustomer {id: id}) RETURN n
}
CALL (n) {
  MATCH (n)-[way]-()
  DELETE way
}
SET n = {id: id, status: 'ERASED'}
SET n:Customer
REMOVE n:AbsorbedCustomer
RETURN n.id
