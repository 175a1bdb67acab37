// Mails, calls and chats of customers as figures read them. Somebody answered a mail where the desk replied to it, or
// where its case has a first response since; a chat where the desk said something; a call where nobody gave up.
MATCH (i:Interaction) WHERE i.kind IN ['CALL', 'CHAT'] OR (i.kind = 'EMAIL' AND i.direction = 'INBOUND')
OPTIONAL MATCH (i)<-[:HAD]-(c:Customer)
WITH i, c WHERE c IS NULL OR NOT (c.status = 'RESTRICTED'
  OR EXISTS { (c)-[:STANDS]->(:Standing {purpose: $purpose, lawful: false}) })
WITH i, c, head(COLLECT { MATCH (i)<-[:TOOK]-(n:Case) RETURN n ORDER BY n.id LIMIT 1 }) AS ticket,
  coalesce(i.outcome = 'abandoned', false) AS abandoned
RETURN {
  at: i.occurredAt.epochMillis, channel: i.kind, customer: c.id, abandoned: abandoned,
  waited: i.waitedSeconds, sentiment: i.sentiment, satisfaction: i.satisfaction, case: ticket.id,
  team: head(COLLECT {
    MATCH (i)-[:HANDLED_BY]->(:Employee)-[:WORKS_IN]->(t:Team) RETURN t.name ORDER BY t.name LIMIT 1
    UNION ALL
    WITH ticket MATCH (ticket)-[:LIES_WITH]->(t:Team) RETURN t.name ORDER BY t.name LIMIT 1
  }),
  answered: CASE i.kind
    WHEN 'EMAIL' THEN EXISTS { (i)<-[:REPLIES_TO]-(:Interaction {direction: 'OUTBOUND'}) }
      OR coalesce(ticket.firstResponseAt >= i.occurredAt, false)
    WHEN 'CHAT' THEN size(coalesce(i.speakers, [])) = 0 OR 'DESK' IN i.speakers
    ELSE NOT abandoned END
} AS row
ORDER BY row.at, i.id
