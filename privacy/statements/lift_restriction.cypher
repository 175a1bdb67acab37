// A restriction ends, unless another request keeps it. Who was found meanwhile to have died is treated so.
MATCH (customer:Customer {id: $customer, status: 'RESTRICTED'})
WHERE NOT EXISTS {
  (customer)<-[:REQUESTED_BY]-(other:PrivacyRequest {kind: 'RESTRICTION', state: 'FULFILLED'}) WHERE other.id <> $request
}
OPTIONAL MATCH (customer)<-[:ASKS_ABOUT]-(death:ReviewTask {kind: 'DECEASED'}) WHERE death.state <> 'DISMISSED'
WITH customer, collect(death) AS deaths
SET customer.status = CASE WHEN size(deaths) > 0 THEN 'DECEASED' ELSE 'ACTIVE' END, customer.updatedAt = $now
FOREACH (death IN deaths | SET death.held = true)
RETURN customer.id
