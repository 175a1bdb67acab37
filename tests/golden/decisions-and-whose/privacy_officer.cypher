// root: relationships
// $p0: variable id, ID
// $p1: 500
// $p2: ['Consent', 'Customer'], [String]
// $p3: ['Customer GAVE Consent'], [String]
// $p4: [], [String]
// $p5: 1
// $p6: 6
OPTIONAL MATCH (n:Customer {id: $p0})
WHERE n.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED']
WITH n
LIMIT 1
WITH n, reduce(levels = [[n]], hop IN range(2, $p5) | levels + [COLLECT {
  UNWIND last(levels)[..$p1] AS x
  MATCH (x)-[r:GAVE]-(y)
  WITH x, r, y, [label IN labels(x) WHERE label IN $p2][0] AS here, [label IN labels(y) WHERE label IN $p2][0] AS there
  WHERE (startNode(r) = x AND here + ' ' + type(r) + ' ' + there IN $p3) OR (endNode(r) = x AND here + ' ' + type(r) + ' ' + there IN $p4)
  WITH DISTINCT y
  WHERE none(level IN levels WHERE y IN level[..$p1])
    AND CASE
    WHEN y:Consent THEN EXISTS { (y)<-[y_edge:GAVE]-(y_customer:Customer) WHERE any(label IN labels(y) WHERE label + ' ' + type(y_edge) IN ['Consent GAVE']) AND y_customer.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED'] }
    WHEN y:Customer THEN y.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED']
  END
  RETURN y
  ORDER BY y.id
  LIMIT $p1 + 1
}]) AS levels
RETURN {
  rows: CASE WHEN n IS NOT NULL THEN COLLECT {
    UNWIND range(1, size(levels)) AS hop
    UNWIND levels[hop - 1][..$p1] AS x
    MATCH (x)-[r:GAVE]-(y)
    WITH hop, x, r, y, [label IN labels(x) WHERE label IN $p2][0] AS here, [label IN labels(y) WHERE label IN $p2][0] AS there
    WHERE (startNode(r) = x AND here + ' ' + type(r) + ' ' + there IN $p3) OR (endNode(r) = x AND here + ' ' + type(r) + ' ' + there IN $p4)
    WITH y, collect(DISTINCT {hops: hop, kind: type(r), source: startNode(r), target: endNode(r)}) AS steps
    WHERE CASE
      WHEN y:Consent THEN EXISTS { (y)<-[y_edge:GAVE]-(y_customer:Customer) WHERE any(label IN labels(y) WHERE label + ' ' + type(y_edge) IN ['Consent GAVE']) AND y_customer.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED'] }
      WHEN y:Customer THEN y.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED']
    END
    UNWIND steps AS step
    WITH step.kind AS kind, step.source AS source, step.target AS target, min(step.hops) AS hops
    ORDER BY hops, kind, source.id, target.id
    LIMIT $p6
    RETURN {
      _at: [hops, kind, source.id, target.id],
      kind: kind,
      hops: hops,
      source: CASE
        WHEN source:Customer THEN {
          _type: 'Customer',
          id: source.id,
          name: source.name,
          email: source.email,
          phone: source.phone
        }
        WHEN source:Consent THEN {
          _type: 'Consent',
          id: source.id,
          state: source.state,
          _about: [(source)<-[:GAVE]-(source_who:Customer) | source_who.id],
          customer: COLLECT {
            MATCH (source)<-[:GAVE]-(source_customer:Customer)
            WHERE source_customer.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED']
            WITH source_customer
            ORDER BY source_customer.id
            LIMIT 1
            RETURN {
              name: source_customer.name,
              email: source_customer.email,
              _about: source_customer.id
            } AS row
          }[0]
        }
      END,
      target: CASE
        WHEN target:Customer THEN {
          _type: 'Customer',
          id: target.id,
          name: target.name,
          email: target.email,
          phone: target.phone
        }
        WHEN target:Consent THEN {
          _type: 'Consent',
          id: target.id,
          state: target.state,
          _about: [(target)<-[:GAVE]-(target_who:Customer) | target_who.id],
          customer: COLLECT {
            MATCH (target)<-[:GAVE]-(target_customer:Customer)
            WHERE target_customer.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED']
            WITH target_customer
            ORDER BY target_customer.id
            LIMIT 1
            RETURN {
              name: target_customer.name,
              email: target_customer.email,
              _about: target_customer.id
            } AS row
          }[0]
        }
      END
    } AS row
  } END,
  truncated: any(level IN levels WHERE size(level) > $p1)
} AS row
