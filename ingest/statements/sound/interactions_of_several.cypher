// Interactions of more than one customer.
MATCH (interaction:Interaction)
WHERE COUNT { (interaction)<-[:HAD]-() } > 1
RETURN count(interaction)
