// All is gone from every answer.
MATCH (receipt:ErasureReceipt {id: $id, state: 'BEGUN'})
SET receipt.state = 'REMOVED', receipt.removedAt = $now, receipt.step = null
RETURN receipt.id
