// By what the rows of an erasure are known again.
MATCH (one:Suppression {receipt: $receipt})
RETURN one.hash
