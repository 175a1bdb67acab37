// No byte of what was erased before this moment is left in the files of the database.
MATCH (receipt:ErasureReceipt)
WHERE receipt.removedAt <= $at AND receipt.compactedAt IS NULL
SET receipt.compactedAt = $at
RETURN count(receipt)
