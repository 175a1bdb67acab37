// Systems that sent new records with a handle of somebody who was erased: for a person to look at.
UNWIND $rows AS row
MATCH (receipt:ErasureReceipt {id: row.receipt})
SET receipt.leftOut = receipt.leftOut + [said IN [row.said] WHERE NOT said IN receipt.leftOut]
