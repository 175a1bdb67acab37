// Mails, calls and chats, with whose they are, who dealt with them, and what records say that they are about. What is about
// somebody of whom nothing may be worked with for this purpose is left out.
MATCH (i:Interaction) WHERE i.kind IN ['EMAIL', 'CALL', 'CHAT']
OPTIONAL MATCH (i)<-[:HAD]-(c:Customer)
WITH i, c WHERE c IS NULL OR NOT (c.status = 'RESTRICTED'
  OR EXISTS { (c)-[:STANDS]->(:Standing {purpose: $purpose, lawful: false}) })
RETURN {
  id: i.id, key: i.sourceKey, kind: i.kind, inbound: i.direction = 'INBOUND', at: i.occurredAt.epochMillis,
  subject: i.subject, text: i.text, subjectRedacted: i.subjectRedacted, textRedacted: i.textRedacted,
  speakers: i.speakers, language: i.language, customer: c.id,
  agent: head(COLLECT { MATCH (i)-[:HANDLED_BY]->(e:Employee) RETURN e.id ORDER BY e.id LIMIT 1 }),
  replyTo: head(COLLECT { MATCH (i)-[:REPLIES_TO]->(o:Interaction) RETURN o.id ORDER BY o.id LIMIT 1 }),
  cases: COLLECT { MATCH (i)-[:ABOUT]->(o:Case) RETURN o.id ORDER BY o.id },
  orders: COLLECT { MATCH (i)-[:ABOUT]->(o:Order) RETURN o.id ORDER BY o.id },
  products: COLLECT { MATCH (i)-[:ABOUT]->(o:Product) RETURN o.id ORDER BY o.id },
  took: head(COLLECT { MATCH (i)<-[:TOOK]-(o:Case) RETURN o.id ORDER BY o.id LIMIT 1 })
} AS row
ORDER BY row.at, row.id
