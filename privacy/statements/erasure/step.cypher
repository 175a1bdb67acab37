// A step begins; one that begins again after a kill stands there once.
MATCH (receipt:ErasureReceipt {id: $id, state: 'BEGUN'})
SET receipt.steps = CASE WHEN receipt.step = $step THEN receipt.steps ELSE receipt.steps + $said END,
  receipt.step = $step
RETURN receipt.id
