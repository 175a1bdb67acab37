// What came of an attempt, unless somebody else took the delivery since. What nobody will send again keeps no body.
MATCH (delivery:Delivery {id: $id})
SET delivery.id = delivery.id
WITH delivery WHERE delivery.state = 'PENDING' AND delivery.attempts = $attempts
SET delivery.state = $state, delivery.reason = $reason,
  delivery.body = CASE WHEN $state IN ['PENDING', 'DEAD'] THEN delivery.body END,
  delivery.nextAttemptAt = CASE WHEN $state = 'PENDING' THEN datetime() + duration({milliseconds: $milliseconds}) END
RETURN delivery.id
