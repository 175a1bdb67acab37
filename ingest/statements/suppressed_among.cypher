// Which of these hashes are those of the erased, and by which erasures.
UNWIND $hashes AS hash
MATCH (one:Suppression {hash: hash})
WITH hash, collect(DISTINCT one.receipt) AS receipts
RETURN {hash: hash, receipts: receipts} AS row
