// Rows of somebody come in again as of anybody else.
MATCH (one:Suppression {receipt: $receipt})
WITH one LIMIT $most
DELETE one
RETURN count(*)
