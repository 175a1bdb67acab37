// What was sent to customers who let us learn from what they do, the newest first, and whether they answered.
MATCH (customer:Customer)-[:STANDS]->(standing:Standing {purpose: 'analytics'})
WHERE standing.lawful AND (standing.until IS NULL OR standing.until > $now) AND customer.status = 'ACTIVE'
MATCH (customer)-[:RECEIVED]->(sent:Outreach) WHERE sent.sentAt <= $now
WITH customer, sent ORDER BY sent.sentAt DESC, sent.id LIMIT $most
RETURN {customer: customer.id, channel: sent.channel, at: sent.sentAt.epochMillis, born: customer.birthDate.year,
  answered: coalesce(sent.clicked, false) OR coalesce(sent.replied, false)} AS row
