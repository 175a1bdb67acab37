// A person says that a system knows. What was still to be sent to it is not.
MATCH (:ErasureReceipt {id: $receipt})-[:NOTIFIES]->(notice:ErasureNotice {system: $system})
WHERE notice.confirmedAt IS NULL
SET notice.confirmedAt = $now, notice.confirmedBy = $role, notice.actor = $actor, notice.reference = $reference,
  notice.records = []
WITH notice
CALL (notice) {
  MATCH (notice)-[:CARRIED_BY]->(delivery:Delivery) WHERE delivery.state IN ['PENDING', 'DEAD']
  SET delivery.state = 'DISMISSED', delivery.body = null, delivery.nextAttemptAt = null
}
RETURN notice.id
