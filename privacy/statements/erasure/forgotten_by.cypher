// One server's own files have forgotten somebody.
MATCH (receipt:ErasureReceipt {id: $receipt})
SET receipt.forgottenBy = [place IN coalesce(receipt.forgottenBy, []) WHERE place <> $place] + $place
