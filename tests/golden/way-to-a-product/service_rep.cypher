// root: relationships
// $p0: variable from, ID
// $p1: 500
// $p2: ['Address', 'AttributeProvenance', 'Campaign', 'Case', 'Channel', 'Consent', 'Correction', 'Customer', 'Delivery', 'Employee', 'Household', 'Identity', 'Interaction', 'Invoice', 'Order', 'Outreach', 'PrivacyRequest', 'Product', 'Promise', 'RecurringIssue', 'ReviewTask', 'Shipment', 'Signal', 'SourceRecord', 'Standing', 'Team', 'Topic'], [String]
// $p3: ['Case CONCERNS Order', 'Case LIES_WITH Team', 'Case TOOK Interaction', 'Case WORKED_BY Employee', 'Customer CORRECTED Correction', 'Customer GAVE Consent', 'Customer HAD Interaction', 'Customer HAS_IDENTITY Identity', 'Customer LIVES_AT Address', 'Customer MEMBER_OF Household', 'Customer OPENED Case', 'Customer PART_OF Customer', 'Customer PLACED Order', 'Customer PROVEN_BY AttributeProvenance', 'Customer REACHABLE_ON Channel', 'Customer RECEIVED Outreach', 'Customer SHOWS Signal', 'Customer STANDS Standing', 'Customer WAS_PROMISED Promise', 'Customer WORKS_FOR Customer', 'Delivery TELLS_OF Customer', 'Interaction ABOUT Case', 'Interaction ABOUT Order', 'Interaction ABOUT Product', 'Interaction ABOUT Topic', 'Interaction HANDLED_BY Employee', 'Interaction REPLIES_TO Interaction', 'Interaction VIA Channel', 'Order BILLED_BY Invoice', 'Order OF Product', 'Order PROMPTED_BY Campaign', 'Order SHIPPED_BY Shipment', 'Outreach PART_OF_CAMPAIGN Campaign', 'PrivacyRequest REQUESTED_BY Customer', 'Promise PROMISED_BY Employee', 'Promise PROMISED_FOR Order', 'Promise PROMISED_IN Case', 'ReviewTask ASKS_ABOUT Customer', 'ReviewTask FOUND_IN Interaction', 'Signal BEGAN_WITH Campaign', 'Signal OFFERS Product', 'SourceRecord RESOLVES_TO Customer', 'Team SERVES Customer'], [String]
// $p4: ['Address LIVES_AT Customer', 'AttributeProvenance PROVEN_BY Customer', 'Case ABOUT Interaction', 'Case GATHERS RecurringIssue', 'Case OPENED Customer', 'Case PROMISED_IN Promise', 'Channel REACHABLE_ON Customer', 'Channel VIA Interaction', 'Consent GAVE Customer', 'Correction CORRECTED Customer', 'Customer ASKS_ABOUT ReviewTask', 'Customer PART_OF Customer', 'Customer REQUESTED_BY PrivacyRequest', 'Customer RESOLVES_TO SourceRecord', 'Customer SERVES Team', 'Customer TELLS_OF Delivery', 'Customer WORKS_FOR Customer', 'Household MEMBER_OF Customer', 'Identity HAS_IDENTITY Customer', 'Interaction FOUND_IN ReviewTask', 'Interaction GATHERS RecurringIssue', 'Interaction HAD Customer', 'Interaction REPLIES_TO Interaction', 'Interaction TOOK Case', 'Order CONCERNS Case', 'Order PLACED Customer', 'Order PROMISED_FOR Promise', 'Outreach RECEIVED Customer', 'Promise WAS_PROMISED Customer', 'Signal SHOWS Customer', 'Standing STANDS Customer', 'Team LIES_WITH Case', 'Team WORKS_IN Employee'], [String]
// $p5: 2
// $p6: variable to, ID
// $p7: 21
OPTIONAL MATCH (n:Customer {id: $p0})
WHERE n.status IN ['ACTIVE', 'DECEASED']
  AND (n.region IN $actor_regions OR '*' IN $actor_regions OR EXISTS { (n)<-[:SERVES]-(n_team:Team) WHERE EXISTS { (n_team)<-[:WORKS_IN]-(n_team_employee:Employee) WHERE n_team_employee.number = $actor_id } })
WITH n
LIMIT 1
WITH n, reduce(levels = [[n]], hop IN range(2, $p5) | levels + [COLLECT {
  UNWIND last(levels)[..$p1] AS x
  MATCH (x)-[r:ABOUT|ASKS_ABOUT|BEGAN_WITH|BILLED_BY|CONCERNS|CORRECTED|FOUND_IN|GATHERS|GAVE|HAD|HANDLED_BY|HAS_IDENTITY|LIES_WITH|LIVES_AT|MEMBER_OF|OF|OFFERS|OPENED|PART_OF|PART_OF_CAMPAIGN|PLACED|PROMISED_BY|PROMISED_FOR|PROMISED_IN|PROMPTED_BY|PROVEN_BY|REACHABLE_ON|RECEIVED|REPLIES_TO|REQUESTED_BY|RESOLVES_TO|SERVES|SHIPPED_BY|SHOWS|STANDS|TELLS_OF|TOOK|VIA|WAS_PROMISED|WORKED_BY|WORKS_FOR|WORKS_IN]-(y)
  WITH x, r, y, [label IN labels(x) WHERE label IN $p2][0] AS here, [label IN labels(y) WHERE label IN $p2][0] AS there
  WHERE (startNode(r) = x AND here + ' ' + type(r) + ' ' + there IN $p3) OR (endNode(r) = x AND here + ' ' + type(r) + ' ' + there IN $p4)
  WITH DISTINCT y
  WHERE none(level IN levels WHERE y IN level[..$p1])
    AND CASE
    WHEN y:Address|AttributeProvenance|Case|Channel|Consent|Correction|Household|Identity|Interaction|Order|Outreach|Promise|Standing THEN EXISTS { (y)<-[y_edge:CORRECTED|GAVE|HAD|HAS_IDENTITY|LIVES_AT|MEMBER_OF|OPENED|PLACED|PROVEN_BY|REACHABLE_ON|RECEIVED|STANDS|WAS_PROMISED]-(y_customer:Customer) WHERE any(label IN labels(y) WHERE label + ' ' + type(y_edge) IN ['Address LIVES_AT', 'AttributeProvenance PROVEN_BY', 'Case OPENED', 'Channel REACHABLE_ON', 'Consent GAVE', 'Correction CORRECTED', 'Household MEMBER_OF', 'Identity HAS_IDENTITY', 'Interaction HAD', 'Order PLACED', 'Outreach RECEIVED', 'Promise WAS_PROMISED', 'Standing STANDS']) AND y_customer.status IN ['ACTIVE', 'DECEASED'] AND (y_customer.region IN $actor_regions OR '*' IN $actor_regions OR EXISTS { (y_customer)<-[:SERVES]-(y_customer_team:Team) WHERE EXISTS { (y_customer_team)<-[:WORKS_IN]-(y_customer_team_employee:Employee) WHERE y_customer_team_employee.number = $actor_id } }) }
    WHEN y:Campaign THEN true
    WHEN y:Customer THEN (y.status IN ['ACTIVE', 'DECEASED'] AND (y.region IN $actor_regions OR '*' IN $actor_regions OR EXISTS { (y)<-[:SERVES]-(y_team:Team) WHERE EXISTS { (y_team)<-[:WORKS_IN]-(y_team_employee:Employee) WHERE y_team_employee.number = $actor_id } }))
    WHEN y:Delivery|PrivacyRequest|ReviewTask|SourceRecord THEN EXISTS { (y)-[y_edge:ASKS_ABOUT|REQUESTED_BY|RESOLVES_TO|TELLS_OF]->(y_customer:Customer) WHERE any(label IN labels(y) WHERE label + ' ' + type(y_edge) IN ['Delivery TELLS_OF', 'PrivacyRequest REQUESTED_BY', 'ReviewTask ASKS_ABOUT', 'SourceRecord RESOLVES_TO']) AND y_customer.status IN ['ACTIVE', 'DECEASED'] AND (y_customer.region IN $actor_regions OR '*' IN $actor_regions OR EXISTS { (y_customer)<-[:SERVES]-(y_customer_team:Team) WHERE EXISTS { (y_customer_team)<-[:WORKS_IN]-(y_customer_team_employee:Employee) WHERE y_customer_team_employee.number = $actor_id } }) }
    WHEN y:Employee THEN true
    WHEN y:Invoice|Shipment THEN EXISTS { (y)<-[y_edge:BILLED_BY|SHIPPED_BY]-(y_order:Order) WHERE any(label IN labels(y) WHERE label + ' ' + type(y_edge) IN ['Invoice BILLED_BY', 'Shipment SHIPPED_BY']) AND EXISTS { (y_order)<-[:PLACED]-(y_order_customer:Customer) WHERE y_order_customer.status IN ['ACTIVE', 'DECEASED'] AND (y_order_customer.region IN $actor_regions OR '*' IN $actor_regions OR EXISTS { (y_order_customer)<-[:SERVES]-(y_order_customer_team:Team) WHERE EXISTS { (y_order_customer_team)<-[:WORKS_IN]-(y_order_customer_team_employee:Employee) WHERE y_order_customer_team_employee.number = $actor_id } }) } }
    WHEN y:Product THEN true
    WHEN y:RecurringIssue THEN y.customerCount >= 5
    WHEN y:Signal THEN (EXISTS { (y)<-[:SHOWS]-(y_customer:Customer) WHERE EXISTS { (y_customer)-[:STANDS]->(y_customer_standing:Standing) WHERE y_customer_standing.purpose = 'operations' AND y_customer_standing.lawful AND (y_customer_standing.until IS NULL OR y_customer_standing.until > $now) } } AND (y.kind <> 'CROSS_SELL' OR EXISTS { (y)<-[:SHOWS]-(y_customer:Customer) WHERE EXISTS { (y_customer)-[:STANDS]->(y_customer_standing:Standing) WHERE y_customer_standing.purpose = 'marketing.phone' AND y_customer_standing.lawful AND (y_customer_standing.until IS NULL OR y_customer_standing.until > $now) } }) AND EXISTS { (y)<-[:SHOWS]-(y_customer:Customer) WHERE y_customer.status IN ['ACTIVE', 'DECEASED'] AND (y_customer.region IN $actor_regions OR '*' IN $actor_regions OR EXISTS { (y_customer)<-[:SERVES]-(y_customer_team:Team) WHERE EXISTS { (y_customer_team)<-[:WORKS_IN]-(y_customer_team_employee:Employee) WHERE y_customer_team_employee.number = $actor_id } }) })
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
  MATCH (x)-[r:ABOUT|ASKS_ABOUT|BEGAN_WITH|BILLED_BY|CONCERNS|CORRECTED|FOUND_IN|GATHERS|GAVE|HAD|HANDLED_BY|HAS_IDENTITY|LIES_WITH|LIVES_AT|MEMBER_OF|OF|OFFERS|OPENED|PART_OF|PART_OF_CAMPAIGN|PLACED|PROMISED_BY|PROMISED_FOR|PROMISED_IN|PROMPTED_BY|PROVEN_BY|REACHABLE_ON|RECEIVED|REPLIES_TO|REQUESTED_BY|RESOLVES_TO|SERVES|SHIPPED_BY|SHOWS|STANDS|TELLS_OF|TOOK|VIA|WAS_PROMISED|WORKED_BY|WORKS_FOR|WORKS_IN]-(goal)
  WHERE x IN levels[hop - 1][..$p1]
  WITH x, r, [label IN labels(x) WHERE label IN $p2][0] AS here, [label IN labels(goal) WHERE label IN $p2][0] AS there
  WHERE (startNode(r) = x AND here + ' ' + type(r) + ' ' + there IN $p3) OR (endNode(r) = x AND here + ' ' + type(r) + ' ' + there IN $p4)
  RETURN x
}][0], 0), 1, -1) | COLLECT {
  UNWIND back.at AS y
  MATCH (x)-[r:ABOUT|ASKS_ABOUT|BEGAN_WITH|BILLED_BY|CONCERNS|CORRECTED|FOUND_IN|GATHERS|GAVE|HAD|HANDLED_BY|HAS_IDENTITY|LIES_WITH|LIVES_AT|MEMBER_OF|OF|OFFERS|OPENED|PART_OF|PART_OF_CAMPAIGN|PLACED|PROMISED_BY|PROMISED_FOR|PROMISED_IN|PROMPTED_BY|PROVEN_BY|REACHABLE_ON|RECEIVED|REPLIES_TO|REQUESTED_BY|RESOLVES_TO|SERVES|SHIPPED_BY|SHOWS|STANDS|TELLS_OF|TOOK|VIA|WAS_PROMISED|WORKED_BY|WORKS_FOR|WORKS_IN]-(y)
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
        WHEN source:Address THEN {
          _type: 'Address',
          id: source.id,
          _about: [(source)<-[:LIVES_AT]-(source_who:Customer) | source_who.id]
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
        WHEN source:Invoice THEN {
          _type: 'Invoice',
          id: source.id,
          _about: [(source)<-[:BILLED_BY]-(:Order)<-[:PLACED]-(source_who:Customer) | source_who.id]
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
        WHEN source:SourceRecord THEN {
          _type: 'SourceRecord',
          id: source.id,
          _about: [(source)-[:RESOLVES_TO]->(source_who:Customer) | source_who.id]
        }
        WHEN source:AttributeProvenance THEN {
          _type: 'AttributeProvenance',
          id: source.id,
          _about: [(source)<-[:PROVEN_BY]-(source_who:Customer) | source_who.id]
        }
        WHEN source:Product THEN {
          _type: 'Product',
          id: source.id
        }
        WHEN source:Campaign THEN {
          _type: 'Campaign',
          id: source.id
        }
        WHEN source:Topic THEN {
          _type: 'Topic',
          id: source.id
        }
        WHEN source:Employee THEN {
          _type: 'Employee',
          id: source.id
        }
        WHEN source:Team THEN {
          _type: 'Team',
          id: source.id
        }
        WHEN source:ReviewTask THEN {
          _type: 'ReviewTask',
          id: source.id,
          _about: [(source)-[:ASKS_ABOUT]->(source_who:Customer) | source_who.id]
        }
        WHEN source:Correction THEN {
          _type: 'Correction',
          id: source.id,
          _about: [(source)<-[:CORRECTED]-(source_who:Customer) | source_who.id]
        }
        WHEN source:Delivery THEN {
          _type: 'Delivery',
          id: source.id,
          _about: [(source)-[:TELLS_OF]->(source_who:Customer) | source_who.id]
        }
        WHEN source:PrivacyRequest THEN {
          _type: 'PrivacyRequest',
          id: source.id,
          _about: [(source)-[:REQUESTED_BY]->(source_who:Customer) | source_who.id]
        }
        WHEN source:RecurringIssue THEN {
          _type: 'RecurringIssue',
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
        WHEN target:Address THEN {
          _type: 'Address',
          id: target.id,
          _about: [(target)<-[:LIVES_AT]-(target_who:Customer) | target_who.id]
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
        WHEN target:Invoice THEN {
          _type: 'Invoice',
          id: target.id,
          _about: [(target)<-[:BILLED_BY]-(:Order)<-[:PLACED]-(target_who:Customer) | target_who.id]
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
        WHEN target:SourceRecord THEN {
          _type: 'SourceRecord',
          id: target.id,
          _about: [(target)-[:RESOLVES_TO]->(target_who:Customer) | target_who.id]
        }
        WHEN target:AttributeProvenance THEN {
          _type: 'AttributeProvenance',
          id: target.id,
          _about: [(target)<-[:PROVEN_BY]-(target_who:Customer) | target_who.id]
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
        WHEN target:Topic THEN {
          _type: 'Topic',
          id: target.id
        }
        WHEN target:Employee THEN {
          _type: 'Employee',
          id: target.id
        }
        WHEN target:Team THEN {
          _type: 'Team',
          id: target.id
        }
        WHEN target:ReviewTask THEN {
          _type: 'ReviewTask',
          id: target.id,
          _about: [(target)-[:ASKS_ABOUT]->(target_who:Customer) | target_who.id]
        }
        WHEN target:Correction THEN {
          _type: 'Correction',
          id: target.id,
          _about: [(target)<-[:CORRECTED]-(target_who:Customer) | target_who.id]
        }
        WHEN target:Delivery THEN {
          _type: 'Delivery',
          id: target.id,
          _about: [(target)-[:TELLS_OF]->(target_who:Customer) | target_who.id]
        }
        WHEN target:PrivacyRequest THEN {
          _type: 'PrivacyRequest',
          id: target.id,
          _about: [(target)-[:REQUESTED_BY]->(target_who:Customer) | target_who.id]
        }
        WHEN target:RecurringIssue THEN {
          _type: 'RecurringIssue',
          id: target.id
        }
      END
    } AS row
  } END,
  truncated: any(level IN levels WHERE size(level) > $p1)
} AS row
