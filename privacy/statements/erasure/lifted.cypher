// Somebody who was erased can come back.
MATCH (receipt:ErasureReceipt {id: $receipt}) WHERE receipt.state IN ['REMOVED', 'DONE']
SET receipt.liftedAt = coalesce(receipt.liftedAt, $now)
RETURN receipt.id
