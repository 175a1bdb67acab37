// The keys of customers whose data has to stay for a legal case.
MATCH (hold:LegalHold)-[:HOLDS]->(customer:Customer)
WHERE hold.releasedAt IS NULL
RETURN DISTINCT customer.sourceKey
