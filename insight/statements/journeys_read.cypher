// Customers after one, by id, with what happened to each in a time. Of those alone whose data may be used for `operations`.
MATCH (n:Customer)
WHERE n.id > $after AND n.status = 'ACTIVE'
  AND EXISTS { (n)-[:STANDS]->(s:Standing {purpose: $purpose}) WHERE s.lawful AND (s.until IS NULL OR s.until > $now) }
WITH n ORDER BY n.id LIMIT $page
RETURN {
  id: n.id,
  region: n.region,
  interactions: COLLECT {
    MATCH (n)-[:HAD]->(i:Interaction) WHERE i.occurredAt >= $since AND i.occurredAt <= $now
    RETURN [i.occurredAt.epochMillis, i.id, i.stage, i.kind, i.name, COLLECT { MATCH (i)-[:VIA]->(v:Channel) RETURN v.kind LIMIT 1 }[0]]
  },
  orders: COLLECT {
    MATCH (n)-[:PLACED]->(o:Order) WHERE o.placedAt >= $since AND o.placedAt <= $now
    RETURN [o.placedAt.epochMillis, o.id, o.status, o.channel]
  },
  shipments: COLLECT {
    MATCH (n)-[:PLACED]->(:Order)-[:SHIPPED_BY]->(p:Shipment) WHERE p.deliveredAt >= $since AND p.deliveredAt <= $now
    RETURN [p.deliveredAt.epochMillis, p.id, p.status]
  },
  cases: COLLECT {
    MATCH (n)-[:OPENED]->(c:Case) WHERE c.openedAt >= $since AND c.openedAt <= $now
    RETURN [c.openedAt.epochMillis, CASE WHEN c.closedAt <= $now THEN c.closedAt.epochMillis END, c.id, c.status]
  }
} AS row
