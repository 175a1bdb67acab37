// What Java learns Neo4j by, on an empty graph: the kinds of statements that the compiler and the loader write.
CREATE FULLTEXT INDEX teaching IF NOT EXISTS FOR (n:Customer) ON EACH [n.name];

OPTIONAL MATCH (n«N»:Customer {id: $id})
WHERE n«N».status IN ['ACTIVE', 'DECEASED']
  AND (n«N».region IN $regions OR EXISTS { (n«N»)<-[:SERVES]-(t:Team) WHERE EXISTS { (t)<-[:WORKS_IN]-(e:Employee) WHERE e.number = $me } })
WITH n«N»,
  EXISTS { (n«N»)-[:STANDS]->(s:Standing) WHERE s.purpose = $purpose AND s.lawful AND (s.until IS NULL OR s.until > $now) } AS rule
RETURN {
  id: n«N».id,
  birthDate: left(toString(n«N».birthDate), 4),
  email: CASE WHEN rule THEN n«N».email ELSE '…@' + split(n«N».email, '@')[-1] END,
  phone: CASE WHEN rule THEN n«N».phone ELSE '…' + right(n«N».phone, 4) END,
  balance: n«N».balance - ((n«N».balance % 10000) + 10000) % 10000,
  address: COLLECT {
    MATCH (n«N»)-[:LIVES_AT]->(a:Address)
    WITH a ORDER BY a.id LIMIT 1
    RETURN {line1: CASE WHEN rule THEN a.line1 ELSE null END, city: a.city} AS row
  }[0],
  orders: COLLECT {
    MATCH (n«N»)-[:PLACED]->(o:Order)
    WHERE o.placedAt < $now OR (o.placedAt = $now AND o.id > $id)
    WITH o ORDER BY o.placedAt DESC, o.id LIMIT $few
    RETURN {
      number: o.number,
      products: COLLECT { MATCH (o)-[:OF]->(p:Product) WITH p ORDER BY p.id LIMIT $few RETURN {name: p.name} AS row }
    } AS row
  },
  total: size(COLLECT { MATCH (n«N»)-[:PLACED]->(o:Order) RETURN 1 AS one LIMIT 10000 }),
  interactions: COLLECT {
    MATCH (n«N»)-[:HAD]->(i:Interaction)
    WITH i ORDER BY i.occurredAt DESC, i.id LIMIT $few
    WITH i, EXISTS { (i)-[:ABOUT]->(c:Case) WHERE c.status = 'OPEN' } AS open
    RETURN {
      id: i.id,
      open: open,
      about: [(i)-[:ABOUT]->(x) WHERE x:Case OR x:Order | CASE WHEN x:Case THEN {_type: 'Case', id: x.id} ELSE {_type: 'Order', id: x.id} END],
      _about: [(i)<-[:HAD]-(who:Customer) | who.id]
    } AS row
  }
} AS row;

MATCH (n«N»:Customer)
WHERE n«N».region IN $regions AND n«N».id > $id
  AND NOT EXISTS { (n«N»)-[:GAVE]->(c:Consent) WHERE c.state = 'WITHDRAWN' AND c.purpose = $purpose }
WITH n«N» ORDER BY n«N».id LIMIT $few
RETURN {id: n«N».id, name: coalesce(n«N».name, ''), of: [(n«N»)-[:MEMBER_OF]->(h:Household) | h.id]} AS row;

MATCH (n«N»:Customer)-[:PLACED]->(o:Order)
WHERE n«N».region IN $regions
WITH n«N».region AS region, count(DISTINCT n«N») AS persons, sum(o.total) AS total, avg(o.total) AS mean
WHERE persons >= $few
RETURN {region: region, persons: persons, total: total, mean: mean} AS row ORDER BY region;

UNWIND $words AS words
CALL (words) {
  CALL db.index.fulltext.queryNodes('teaching', words) YIELD node AS n«N»
  WITH n«N», CASE WHEN EXISTS { (n«N»)-[:STANDS]->(s:Standing) WHERE s.lawful } THEN n«N».name ELSE null END AS value
  WHERE value IS NOT NULL
  RETURN n«N», value
  UNION ALL
  MATCH (n«N»:Customer {id: $id})
  RETURN n«N», n«N».name AS value
}
WITH n«N», min(CASE WHEN toLower(value) STARTS WITH toLower(words) THEN 0 ELSE 1 END) AS rank
ORDER BY rank, n«N».id LIMIT $few
RETURN {rank: rank, id: n«N».id} AS row;

OPTIONAL MATCH (n«N»:Customer {id: $id})
WITH n«N» LIMIT 1
WITH n«N», reduce(levels = [[n«N»]], hop IN range(2, $few) | levels + [COLLECT {
  UNWIND last(levels)[..$most] AS x
  MATCH (x)-[r:HAD|PLACED|OPENED|LIVES_AT]-(y)
  WHERE (startNode(r) = x AND [l IN labels(x) WHERE l IN $labels][0] + type(r) IN $labels) OR endNode(r) = x
  WITH DISTINCT y
  WHERE none(level IN levels WHERE y IN level[..$most])
    AND CASE [l IN labels(y) WHERE l IN $labels][0]
      WHEN 'Customer' THEN y.region IN $regions
      WHEN 'Address' THEN EXISTS { (y)<-[:LIVES_AT]-(c:Customer) WHERE c.region IN $regions AND EXISTS { (c)<-[:SERVES]-(t:Team) WHERE t.name = $me } }
      WHEN 'Order' THEN EXISTS { (y)<-[:PLACED]-(c:Customer) WHERE c.region IN $regions AND EXISTS { (c)<-[:SERVES]-(t:Team) WHERE t.name = $me } }
      WHEN 'Case' THEN EXISTS { (y)<-[:OPENED]-(c:Customer) WHERE c.region IN $regions AND EXISTS { (c)<-[:SERVES]-(t:Team) WHERE t.name = $me } }
    END
  RETURN y ORDER BY y.id LIMIT $most + 1
}]) AS levels
RETURN {
  rows: CASE WHEN n«N» IS NOT NULL THEN COLLECT {
    UNWIND range(1, size(levels)) AS hop
    UNWIND levels[hop - 1][..$most] AS x
    MATCH (x)-[r:HAD|PLACED|OPENED|LIVES_AT]-(y)
    WITH type(r) AS kind, startNode(r) AS source, endNode(r) AS target, min(hop) AS hops
    ORDER BY hops, kind, source.id, target.id LIMIT $few
    RETURN {kind: kind, source: CASE WHEN source:Customer THEN {_type: 'Customer', id: source.id} END} AS row
  } END,
  truncated: any(level IN levels WHERE size(level) > $most)
} AS row;

UNWIND $rows AS row
MERGE (n«N»:Customer {sourceKey: row.key})
ON CREATE SET n«N».createdAt = datetime()
SET n«N» += row.properties
WITH n«N», row
OPTIONAL MATCH (n«N»)-[old:LIVES_AT]->(:Address)
DELETE old
WITH n«N», row
DETACH DELETE n«N»
RETURN row.key AS key;
