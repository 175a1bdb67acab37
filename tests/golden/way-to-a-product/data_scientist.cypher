// root: relationships
// $p0: variable from, ID
// $p1: 500
// $p2: ['Campaign', 'Case', 'Channel', 'Customer', 'Household', 'Identity', 'Interaction', 'Order', 'Outreach', 'Product', 'Promise', 'Shipment', 'Signal', 'Standing', 'Team', 'Topic'], [String]
// $p3: ['Case CONCERNS Order', 'Case LIES_WITH Team', 'Case TOOK Interaction', 'Customer HAD Interaction', 'Customer HAS_IDENTITY Identity', 'Customer MEMBER_OF Household', 'Customer OPENED Case', 'Customer PART_OF Customer', 'Customer PLACED Order', 'Customer REACHABLE_ON Channel', 'Customer RECEIVED Outreach', 'Customer SHOWS Signal', 'Customer STANDS Standing', 'Customer WAS_PROMISED Promise', 'Customer WORKS_FOR Customer', 'Interaction ABOUT Case', 'Interaction ABOUT Order', 'Interaction ABOUT Product', 'Interaction ABOUT Topic', 'Interaction REPLIES_TO Interaction', 'Interaction VIA Channel', 'Order OF Product', 'Order PROMPTED_BY Campaign', 'Order SHIPPED_BY Shipment', 'Outreach PART_OF_CAMPAIGN Campaign', 'Promise PROMISED_FOR Order', 'Promise PROMISED_IN Case', 'Signal BEGAN_WITH Campaign', 'Signal OFFERS Product', 'Team SERVES Customer'], [String]
// $p4: ['Case ABOUT Interaction', 'Case OPENED Customer', 'Case PROMISED_IN Promise', 'Channel REACHABLE_ON Customer', 'Channel VIA Interaction', 'Customer PART_OF Customer', 'Customer SERVES Team', 'Customer WORKS_FOR Customer', 'Household MEMBER_OF Customer', 'Identity HAS_IDENTITY Customer', 'Interaction HAD Customer', 'Interaction REPLIES_TO Interaction', 'Interaction TOOK Case', 'Order CONCERNS Case', 'Order PLACED Customer', 'Order PROMISED_FOR Promise', 'Outreach RECEIVED Customer', 'Promise WAS_PROMISED Customer', 'Signal SHOWS Customer', 'Standing STANDS Customer', 'Team LIES_WITH Case'], [String]
// $p5: 2
// $p6: variable to, ID
// $p7: 21
OPTIONAL MATCH (n:Customer {id: $p0})
WHERE n.status IN ['ACTIVE', 'DECEASED']
  AND EXISTS { (n)-[:STANDS]->(n_standing:Standing) WHERE n_standing.purpose = $purpose AND n_standing.lawful AND (n_standing.until IS NULL OR n_standing.until > $now) }
WITH n
LIMIT 1
WITH n, reduce(levels = [[n]], hop IN range(2, $p5) | levels + [COLLECT {
  UNWIND last(levels)[..$p1] AS x
  MATCH (x)-[r:ABOUT|BEGAN_WITH|CONCERNS|HAD|HAS_IDENTITY|LIES_WITH|MEMBER_OF|OF|OFFERS|OPENED|PART_OF|PART_OF_CAMPAIGN|PLACED|PROMISED_FOR|PROMISED_IN|PROMPTED_BY|REACHABLE_ON|RECEIVED|REPLIES_TO|SERVES|SHIPPED_BY|SHOWS|STANDS|TOOK|VIA|WAS_PROMISED|WORKS_FOR]-(y)
  WITH x, r, y, [label IN labels(x) WHERE label IN $p2][0] AS here, [label IN labels(y) WHERE label IN $p2][0] AS there
  WHERE (startNode(r) = x AND here + ' ' + type(r) + ' ' + there IN $p3) OR (endNode(r) = x AND here + ' ' + type(r) + ' ' + there IN $p4)
  WITH DISTINCT y
  WHERE none(level IN levels WHERE y IN level[..$p1])
    AND CASE
    WHEN y:Campaign THEN true
    WHEN y:Case|Channel|Household|Identity|Order|Outreach|Promise|Standing THEN EXISTS { (y)<-[y_edge:HAS_IDENTITY|MEMBER_OF|OPENED|PLACED|REACHABLE_ON|RECEIVED|STANDS|WAS_PROMISED]-(y_customer:Customer) WHERE any(label IN labels(y) WHERE label + ' ' + type(y_edge) IN ['Case OPENED', 'Channel REACHABLE_ON', 'Household MEMBER_OF', 'Identity HAS_IDENTITY', 'Order PLACED', 'Outreach RECEIVED', 'Promise WAS_PROMISED', 'Standing STANDS']) AND y_customer.status IN ['ACTIVE', 'DECEASED'] AND EXISTS { (y_customer)-[:STANDS]->(y_customer_standing:Standing) WHERE y_customer_standing.purpose = $purpose AND y_customer_standing.lawful AND (y_customer_standing.until IS NULL OR y_customer_standing.until > $now) } }
    WHEN y:Customer THEN (y.status IN ['ACTIVE', 'DECEASED'] AND EXISTS { (y)-[:STANDS]->(y_standing:Standing) WHERE y_standing.purpose = $purpose AND y_standing.lawful AND (y_standing.until IS NULL OR y_standing.until > $now) })
    WHEN y:Interaction THEN (y.occurredAt > $now - duration({days: 730}) AND EXISTS { (y)<-[:HAD]-(y_customer:Customer) WHERE y_customer.status IN ['ACTIVE', 'DECEASED'] AND EXISTS { (y_customer)-[:STANDS]->(y_customer_standing:Standing) WHERE y_customer_standing.purpose = $purpose AND y_customer_standing.lawful AND (y_customer_standing.until IS NULL OR y_customer_standing.until > $now) } })
    WHEN y:Product THEN true
    WHEN y:Shipment THEN EXISTS { (y)<-[y_edge:SHIPPED_BY]-(y_order:Order) WHERE any(label IN labels(y) WHERE label + ' ' + type(y_edge) IN ['Shipment SHIPPED_BY']) AND EXISTS { (y_order)<-[:PLACED]-(y_order_customer:Customer) WHERE y_order_customer.status IN ['ACTIVE', 'DECEASED'] AND EXISTS { (y_order_customer)-[:STANDS]->(y_order_customer_standing:Standing) WHERE y_order_customer_standing.purpose = $purpose AND y_order_customer_standing.lawful AND (y_order_customer_standing.until IS NULL OR y_order_customer_standing.until > $now) } } }
    WHEN y:Signal THEN (EXISTS { (y)<-[:SHOWS]-(y_customer:Customer) WHERE EXISTS { (y_customer)-[:STANDS]->(y_customer_standing:Standing) WHERE y_customer_standing.purpose = 'operations' AND y_customer_standing.lawful AND (y_customer_standing.until IS NULL OR y_customer_standing.until > $now) } } AND EXISTS { (y)<-[:SHOWS]-(y_customer:Customer) WHERE y_customer.status IN ['ACTIVE', 'DECEASED'] AND EXISTS { (y_customer)-[:STANDS]->(y_customer_standing:Standing) WHERE y_customer_standing.purpose = $purpose AND y_customer_standing.lawful AND (y_customer_standing.until IS NULL OR y_customer_standing.until > $now) } })
    WHEN y:Team THEN true
    WHEN y:Topic THEN true
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
  MATCH (x)-[r:ABOUT|BEGAN_WITH|CONCERNS|HAD|HAS_IDENTITY|LIES_WITH|MEMBER_OF|OF|OFFERS|OPENED|PART_OF|PART_OF_CAMPAIGN|PLACED|PROMISED_FOR|PROMISED_IN|PROMPTED_BY|REACHABLE_ON|RECEIVED|REPLIES_TO|SERVES|SHIPPED_BY|SHOWS|STANDS|TOOK|VIA|WAS_PROMISED|WORKS_FOR]-(goal)
  WHERE x IN levels[hop - 1][..$p1]
  WITH x, r, [label IN labels(x) WHERE label IN $p2][0] AS here, [label IN labels(goal) WHERE label IN $p2][0] AS there
  WHERE (startNode(r) = x AND here + ' ' + type(r) + ' ' + there IN $p3) OR (endNode(r) = x AND here + ' ' + type(r) + ' ' + there IN $p4)
  RETURN x
}][0], 0), 1, -1) | COLLECT {
  UNWIND back.at AS y
  MATCH (x)-[r:ABOUT|BEGAN_WITH|CONCERNS|HAD|HAS_IDENTITY|LIES_WITH|MEMBER_OF|OF|OFFERS|OPENED|PART_OF|PART_OF_CAMPAIGN|PLACED|PROMISED_FOR|PROMISED_IN|PROMPTED_BY|REACHABLE_ON|RECEIVED|REPLIES_TO|SERVES|SHIPPED_BY|SHOWS|STANDS|TOOK|VIA|WAS_PROMISED|WORKS_FOR]-(y)
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
        WHEN source:Identity THEN {
          _type: 'Identity',
          id: source.id,
          _about: [(source)<-[:HAS_IDENTITY]-(source_who:Customer) | source_who.id]
        }
        WHEN source:Channel THEN {
          _type: 'Channel',
          id: source.id,
          _about: [(source)<-[:REACHABLE_ON]-(source_who:Customer) | source_who.id]
        }
        WHEN source:Household THEN {
          _type: 'Household',
          id: source.id,
          _about: [(source)<-[:MEMBER_OF]-(source_who:Customer) | source_who.id]
        }
        WHEN source:Interaction THEN {
          _type: 'Interaction',
          id: source.id,
          _about: [(source)<-[:HAD]-(source_who:Customer) | source_who.id]
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
        WHEN source:Shipment THEN {
          _type: 'Shipment',
          id: source.id,
          _about: [(source)<-[:SHIPPED_BY]-(:Order)<-[:PLACED]-(source_who:Customer) | source_who.id]
        }
        WHEN source:Case THEN {
          _type: 'Case',
          id: source.id,
          _about: [(source)<-[:OPENED]-(source_who:Customer) | source_who.id]
        }
        WHEN source:Promise THEN {
          _type: 'Promise',
          id: source.id,
          _about: [(source)<-[:WAS_PROMISED]-(source_who:Customer) | source_who.id]
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
        WHEN source:Topic THEN {
          _type: 'Topic',
          id: source.id
        }
        WHEN source:Team THEN {
          _type: 'Team',
          id: source.id
        }
      END,
      target: CASE
        WHEN target:Customer THEN {
          _type: 'Customer',
          id: target.id
        }
        WHEN target:Identity THEN {
          _type: 'Identity',
          id: target.id,
          _about: [(target)<-[:HAS_IDENTITY]-(target_who:Customer) | target_who.id]
        }
        WHEN target:Channel THEN {
          _type: 'Channel',
          id: target.id,
          _about: [(target)<-[:REACHABLE_ON]-(target_who:Customer) | target_who.id]
        }
        WHEN target:Household THEN {
          _type: 'Household',
          id: target.id,
          _about: [(target)<-[:MEMBER_OF]-(target_who:Customer) | target_who.id]
        }
        WHEN target:Interaction THEN {
          _type: 'Interaction',
          id: target.id,
          _about: [(target)<-[:HAD]-(target_who:Customer) | target_who.id]
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
        WHEN target:Shipment THEN {
          _type: 'Shipment',
          id: target.id,
          _about: [(target)<-[:SHIPPED_BY]-(:Order)<-[:PLACED]-(target_who:Customer) | target_who.id]
        }
        WHEN target:Case THEN {
          _type: 'Case',
          id: target.id,
          _about: [(target)<-[:OPENED]-(target_who:Customer) | target_who.id]
        }
        WHEN target:Promise THEN {
          _type: 'Promise',
          id: target.id,
          _about: [(target)<-[:WAS_PROMISED]-(target_who:Customer) | target_who.id]
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
        WHEN target:Topic THEN {
          _type: 'Topic',
          id: target.id
        }
        WHEN target:Team THEN {
          _type: 'Team',
          id: target.id
        }
      END
    } AS row
  } END,
  truncated: any(level IN levels WHERE size(level) > $p1)
} AS row
