// An erasure begins, unless a legal hold came meanwhile or it has begun already: from here on nobody sees her. Placing a hold
// locks the customer as well, so that one of the two comes first.
MATCH (customer:Customer {id: $id})
SET customer.id = customer.id
WITH customer
WHERE customer.status <> 'ERASED' AND NOT EXISTS {
  (customer)<-[:HOLDS]-(hold:LegalHold) WHERE hold.releasedAt IS NULL
}
SET customer.status = 'ERASED'
WITH customer
CALL (customer) {
  MATCH (looked:ErasureReceipt {customer: customer.id, state: 'PREVIEWED'})
  DELETE looked
}
CREATE (receipt:ErasureReceipt)
SET receipt = $receipt
RETURN receipt.id
