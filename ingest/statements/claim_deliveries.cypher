// Takes what is due for a system, of each customer the first that is open: nothing overtakes. Whoever takes has it for some
// seconds; whoever is killed meanwhile leaves it to be taken again.
MATCH (delivery:Delivery {state: 'PENDING'})
WHERE delivery.system = $system AND delivery.nextAttemptAt <= datetime() AND NOT EXISTS {
  MATCH (earlier:Delivery)
  WHERE earlier.sourceKey >= delivery.queue AND earlier.sourceKey < delivery.sourceKey
    AND earlier.state IN ['PENDING', 'DEAD']
}
WITH delivery ORDER BY delivery.nextAttemptAt, delivery.id LIMIT $most
SET delivery.id = delivery.id
WITH delivery WHERE delivery.state = 'PENDING' AND delivery.nextAttemptAt <= datetime()
SET delivery.attempts = delivery.attempts + 1, delivery.lastAttemptAt = datetime(),
  delivery.nextAttemptAt = datetime() + duration({milliseconds: $milliseconds})
RETURN {id: delivery.id, body: delivery.body, attempts: delivery.attempts} AS row
