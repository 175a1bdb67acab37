// Interactions by their keys, each with whom it was.
UNWIND $keys AS key
MATCH (interaction:Interaction {sourceKey: key})<-[:HAD]-(customer:Customer)
RETURN {interaction: interaction.id, customer: customer.id} AS row
