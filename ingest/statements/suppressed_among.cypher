// Which of these hashes are those of the erased, and by which erasures.
UNWIND $hashes AS hash
MATCH (one:Suppression {hash: hash})
RETURN {hash: hash, receipts: collect(DISTINCT one.receipt)} AS row
