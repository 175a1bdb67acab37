// Systems that took the event have answered; their keys of her records go. Where all have, the erasure is done.
MATCH (receipt:ErasureReceipt {state: 'REMOVED'})
CALL (receipt) {
  MATCH (receipt)-[:NOTIFIES]->(notice:ErasureNotice)-[:CARRIED_BY]->(:Delivery {state: 'ACCEPTED'})
  WHERE notice.confirmedAt IS NULL
  SET notice.confirmedAt = $now, notice.confirmedBy = 'system', notice.records = []
}
WITH receipt
WHERE NOT EXISTS { (receipt)-[:NOTIFIES]->(open:ErasureNotice) WHERE open.confirmedAt IS NULL }
SET receipt.state = 'DONE', receipt.doneAt = $now
RETURN receipt.id
