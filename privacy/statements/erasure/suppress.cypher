// By what the rows of somebody are known again from here on.
UNWIND $hashes AS hash
MERGE (one:Suppression {sourceKey: $receipt + ':' + hash})
ON CREATE SET one.hash = hash, one.receipt = $receipt
