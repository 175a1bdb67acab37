// When keys of her data were gone.
MATCH (receipt:ErasureReceipt {id: $receipt})
SET receipt.keysForgottenAt = coalesce(receipt.keysForgottenAt, $now)
