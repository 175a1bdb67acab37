// A person sends a dead delivery again, or decides that the system need not know. Another one stays as it is.
MATCH (delivery:Delivery {id: $id, state: 'DEAD'})
SET delivery.state = $state, delivery.attempts = CASE WHEN $state = 'PENDING' THEN 0 ELSE delivery.attempts END,
  delivery.body = CASE WHEN $state = 'PENDING' THEN delivery.body END,
  delivery.nextAttemptAt = CASE WHEN $state = 'PENDING' THEN $now END
RETURN delivery.id
