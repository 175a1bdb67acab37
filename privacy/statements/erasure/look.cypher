// What was looked at before an erasure, in place of what was looked at earlier.
OPTIONAL MATCH (looked:ErasureReceipt {customer: $receipt.customer, state: 'PREVIEWED'})
DELETE looked
WITH count(*) AS earlier
CREATE (receipt:ErasureReceipt)
SET receipt = $receipt
RETURN receipt.id
