// root: relationships
// $p0: variable from, ID
// $p1: 500
// $p2: ['Campaign', 'Consent', 'Customer', 'Order', 'Outreach', 'Product', 'Signal', 'Standing'], [String]
// $p3: ['Customer GAVE Consent', 'Customer PART_OF Customer', 'Customer PLACED Order', 'Customer RECEIVED Outreach', 'Customer SHOWS Signal', 'Customer STANDS Standing', 'Customer WORKS_FOR Customer', 'Order OF Product', 'Order PROMPTED_BY Campaign', 'Outreach PART_OF_CAMPAIGN Campaign', 'Signal BEGAN_WITH Campaign', 'Signal OFFERS Product'], [String]
// $p4: ['Consent GAVE Customer', 'Customer PART_OF Customer', 'Customer WORKS_FOR Customer', 'Order PLACED Customer', 'Outreach RECEIVED Customer', 'Signal SHOWS Customer', 'Standing STANDS Customer'], [String]
// $p5: 2
// $p6: variable to, ID
// $p7: 21
OPTIONAL MATCH (n:Customer {id: $p0})
WHERE n.status IN ['ACTIVE']
  AND EXISTS { (n)-[:STANDS]->(n_standing:Standing) WHERE n_standing.purpose = $purpose AND n_standing.lawful AND (n_standing.until IS NULL OR n_standing.until > $now) }
WITH n
LIMIT 1
WITH n, reduce(levels = [[n]], hop IN range(2, $p5) | levels + [COLLECT {
  UNWIND last(levels)[..$p1] AS x
  MATCH (x)-[r:BEGAN_WITH|GAVE|OF|OFFERS|PART_OF|PART_OF_CAMPAIGN|PLACED|PROMPTED_BY|RECEIVED|SHOWS|STANDS|WORKS_FOR]-(y)
  WITH x, r, y, [label IN labels(x) WHERE label IN $p2][0] AS here, [label IN labels(y) WHERE label IN $p2][0] AS there
  WHERE (startNode(r) = x AND here + ' ' + type(r) + ' ' + there IN $p3) OR (endNode(r) = x AND here + ' ' + type(r) + ' ' + there IN $p4)
  WITH DISTINCT y
  WHERE none(level IN levels WHERE y IN level[..$p1])
    AND CASE
    WHEN y:Campaign THEN true
    WHEN y:Consent|Order|Outreach THEN EXISTS { (y)<-[y_edge:GAVE|PLACED|RECEIVED]-(y_customer:Customer) WHERE any(label IN labels(y) WHERE label + ' ' + type(y_edge) IN ['Consent GAVE', 'Order PLACED', 'Outreach RECEIVED']) AND y_customer.status IN ['ACTIVE'] AND EXISTS { (y_customer)-[:STANDS]->(y_customer_standing:Standing) WHERE y_customer_standing.purpose = $purpose AND y_customer_standing.lawful AND (y_customer_standing.until IS NULL OR y_customer_standing.until > $now) } }
    WHEN y:Customer THEN (y.status IN ['ACTIVE'] AND EXISTS { (y)-[:STANDS]->(y_standing:Standing) WHERE y_standing.purpose = $purpose AND y_standing.lawful AND (y_standing.until IS NULL OR y_standing.until > $now) })
    WHEN y:Product THEN true
    WHEN y:Signal THEN (y.kind <> 'VALUE' AND EXISTS { (y)<-[:SHOWS]-(y_customer:Customer) WHERE EXISTS { (y_customer)-[:STANDS]->(y_customer_standing:Standing) WHERE y_customer_standing.purpose = 'operations' AND y_customer_standing.lawful AND (y_customer_standing.until IS NULL OR y_customer_standing.until > $now) } } AND EXISTS { (y)<-[:SHOWS]-(y_customer:Customer) WHERE y_customer.status IN ['ACTIVE'] AND EXISTS { (y_customer)-[:STANDS]->(y_customer_standing:Standing) WHERE y_customer_standing.purpose = $purpose AND y_customer_standing.lawful AND (y_customer_standing.until IS NULL OR y_customer_standing.until > $now) } })
    WHEN y:Standing THEN (y.purpose = $purpose AND EXISTS { (y)<-[:STANDS]-(y_customer:Customer) WHERE y_customer.status IN ['ACTIVE'] AND EXISTS { (y_customer)-[:STANDS]->(y_customer_standing:Standing) WHERE y_customer_standing.purpose = $purpose AND y_customer_standing.lawful AND (y_customer_standing.until IS NULL OR y_customer_standing.until > $now) } })
  END
  RETURN y
  ORDER BY y.id
  LIMIT $p1 + 1
}]) AS levels
OPTIONAL MATCH (goal:Product {id: $p6})
WHERE goal <> n
WITH n, levels, goal
LIMIT 1
WITH n, levels, reduce(back = {at: [goal], steps: []}, hop IN range(coalesce([hop IN range(1, size(levels)) WHERE EXISTS {
  MATCH (x)-[r:BEGAN_WITH|GAVE|OF|OFFERS|PART_OF|PART_OF_CAMPAIGN|PLACED|PROMPTED_BY|RECEIVED|SHOWS|STANDS|WORKS_FOR]-(goal)
  WHERE x IN levels[hop - 1][..$p1]
  WITH x, r, [label IN labels(x) WHERE label IN $p2][0] AS here, [label IN labels(goal) WHERE label IN $p2][0] AS there
  WHERE (startNode(r) = x AND here + ' ' + type(r) + ' ' + there IN $p3) OR (endNode(r) = x AND here + ' ' + type(r) + ' ' + there IN $p4)
  RETURN x
}][0], 0), 1, -1) | COLLECT {
  UNWIND back.at AS y
  MATCH (x)-[r:BEGAN_WITH|GAVE|OF|OFFERS|PART_OF|PART_OF_CAMPAIGN|PLACED|PROMPTED_BY|RECEIVED|SHOWS|STANDS|WORKS_FOR]-(y)
  WHERE x IN levels[hop - 1][..$p1]
  WITH x, r, y, [label IN labels(x) WHERE label IN $p2][0] AS here, [label IN labels(y) WHERE label IN $p2][0] AS there
  WHERE (startNode(r) = x AND here + ' ' + type(r) + ' ' + there IN $p3) OR (endNode(r) = x AND here + ' ' + type(r) + ' ' + there IN $p4)
  WITH collect(DISTINCT {hops: hop, kind: type(r), source: startNode(r), target: endNode(r)}) AS steps, collect(DISTINCT x) AS at
  RETURN {at: at, steps: back.steps + steps}
}[0]).steps AS steps
RETURN {
  rows: CASE WHEN n IS NOT NULL THEN COLLECT {
    UNWIND steps AS step
    WITH step.kind AS kind, step.source AS source, step.target AS target, min(step.hops) AS hops
    ORDER BY hops, kind, source.id, target.id
    LIMIT $p7
    RETURN {
      _at: [hops, kind, source.id, target.id],
      kind: kind,
      hops: hops,
      source: CASE
        WHEN source:Customer THEN {
          _type: 'Customer',
          id: source.id
        }
        WHEN source:Consent THEN {
          _type: 'Consent',
          id: source.id,
          _about: [(source)<-[:GAVE]-(source_who:Customer) | source_who.id]
        }
        WHEN source:Standing THEN {
          _type: 'Standing',
          id: source.id,
          _about: [(source)<-[:STANDS]-(source_who:Customer) | source_who.id]
        }
        WHEN source:Order THEN {
          _type: 'Order',
          id: source.id,
          _about: [(source)<-[:PLACED]-(source_who:Customer) | source_who.id]
        }
        WHEN source:Product THEN {
          _type: 'Product',
          id: source.id
        }
        WHEN source:Campaign THEN {
          _type: 'Campaign',
          id: source.id
        }
        WHEN source:Outreach THEN {
          _type: 'Outreach',
          id: source.id,
          _about: [(source)<-[:RECEIVED]-(source_who:Customer) | source_who.id]
        }
        WHEN source:Signal THEN {
          _type: 'Signal',
          id: source.id,
          _about: [(source)<-[:SHOWS]-(source_who:Customer) | source_who.id]
        }
      END,
      target: CASE
        WHEN target:Customer THEN {
          _type: 'Customer',
          id: target.id
        }
        WHEN target:Consent THEN {
          _type: 'Consent',
          id: target.id,
          _about: [(target)<-[:GAVE]-(target_who:Customer) | target_who.id]
        }
        WHEN target:Standing THEN {
          _type: 'Standing',
          id: target.id,
          _about: [(target)<-[:STANDS]-(target_who:Customer) | target_who.id]
        }
        WHEN target:Order THEN {
          _type: 'Order',
          id: target.id,
          placedAt: toString(target.placedAt),
          _about: [(target)<-[:PLACED]-(target_who:Customer) | target_who.id]
        }
        WHEN target:Product THEN {
          _type: 'Product',
          id: target.id,
          sku: target.sku,
          name: target.name
        }
        WHEN target:Campaign THEN {
          _type: 'Campaign',
          id: target.id
        }
        WHEN target:Outreach THEN {
          _type: 'Outreach',
          id: target.id,
          _about: [(target)<-[:RECEIVED]-(target_who:Customer) | target_who.id]
        }
        WHEN target:Signal THEN {
          _type: 'Signal',
          id: target.id,
          _about: [(target)<-[:SHOWS]-(target_who:Customer) | target_who.id]
        }
      END
    } AS row
  } END,
  truncated: any(level IN levels WHERE size(level) > $p1)
} AS row
