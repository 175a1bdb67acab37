// Erasures that began and are not through.
MATCH (receipt:ErasureReceipt {state: 'BEGUN'})
RETURN receipt.id ORDER BY receipt.askedAt
