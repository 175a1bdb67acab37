// Within three steps of a customer, as somebody writes it by hand who knows the graph and the rules: only customers need
// a legal basis, for whatever else is there hangs on one of them.
MATCH (n:Customer {id: $id})
MATCH path = (n)-[:HAD|HAS_IDENTITY|REACHABLE_ON|STANDS*1..3]-()
WHERE all(c IN nodes(path) WHERE
  (NOT c:Customer OR (c.status IN ['ACTIVE', 'DECEASED'] AND EXISTS {
    (c)-[:STANDS]->(s:Standing) WHERE s.purpose = 'service' AND s.lawful AND (s.until IS NULL OR s.until > $now) }))
  AND (NOT c:Interaction OR c.occurredAt > $now - duration({days: 7300})))
WITH relationships(path) AS steps
UNWIND range(0, size(steps) - 1) AS i
WITH steps[i] AS r, min(i) + 1 AS hops
WITH type(r) AS kind, startNode(r) AS source, endNode(r) AS target, hops
ORDER BY hops, kind, source.id, target.id
LIMIT $most
RETURN [kind, source.id, target.id] AS row
