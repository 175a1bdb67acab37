// Erasures of which one server's own files have not heard yet.
MATCH (receipt:ErasureReceipt)
WHERE receipt.state <> 'PREVIEWED' AND NOT $place IN coalesce(receipt.forgottenBy, [])
RETURN {id: receipt.id, customers: [receipt.customer] + receipt.merged} AS row
