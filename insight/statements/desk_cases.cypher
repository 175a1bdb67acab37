// Cases of the service desk, with whose they are and who has them; of whom nothing may be worked with they are left out.
MATCH (n:Case)
OPTIONAL MATCH (n)<-[:OPENED]-(c:Customer)
WITH n, c WHERE c IS NULL OR NOT (c.status = 'RESTRICTED'
  OR EXISTS { (c)-[:STANDS]->(:Standing {purpose: $purpose, lawful: false}) })
RETURN {
  id: n.id, key: n.sourceKey, opened: n.openedAt.epochMillis, closed: n.closedAt.epochMillis,
  responded: n.firstResponseAt.epochMillis, channel: n.channel, history: n.queueHistory, subject: n.subjectRedacted,
  resolution: n.resolution, satisfaction: n.satisfaction, customer: c.id,
  team: head(COLLECT { MATCH (n)-[:LIES_WITH]->(t:Team) RETURN t.name ORDER BY t.name LIMIT 1 }),
  agent: head(COLLECT { MATCH (n)-[:WORKED_BY]->(e:Employee) RETURN e.id ORDER BY e.id LIMIT 1 }),
  orders: COLLECT { MATCH (n)-[:CONCERNS]->(o:Order) RETURN o.id ORDER BY o.id }
} AS row
ORDER BY row.opened, row.id
