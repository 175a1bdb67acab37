// What the graph knows beyond the records of some customers.
RETURN {
  shared: COLLECT {
    MATCH (customer:Customer)-[:HAS_IDENTITY]->(handle:Identity {blocked: true})
    WHERE customer.id IN $customers AND handle.kind IN ['EMAIL', 'PHONE']
    RETURN DISTINCT [handle.kind, handle.value]
  },
  regions: COLLECT { MATCH (address:Address) WHERE address.country IS NOT NULL RETURN DISTINCT address.country },
  speakers: COLLECT {
    MATCH (customer:Customer)-[:WORKS_FOR]->(:Customer) WHERE customer.id IN $customers
    RETURN DISTINCT customer.sourceKey
  }
} AS row
