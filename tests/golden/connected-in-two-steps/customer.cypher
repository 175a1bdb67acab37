// root: relationships
// $p0: variable id, ID
// $p1: 500
// $p2: ['AccessRecord', 'Address', 'AttributeProvenance', 'Campaign', 'Case', 'Change', 'Channel', 'Consent', 'Correction', 'Customer', 'Delivery', 'Identity', 'Interaction', 'Invoice', 'Order', 'Outreach', 'PrivacyRequest', 'Product', 'Promise', 'Shipment', 'Signal', 'SourceRecord', 'Standing'], [String]
// $p3: ['AccessRecord LOOKED_AT Customer', 'Case CONCERNS Order', 'Case TOOK Interaction', 'Change CHANGED Customer', 'Customer CORRECTED Correction', 'Customer GAVE Consent', 'Customer HAD Interaction', 'Customer HAS_IDENTITY Identity', 'Customer LIVES_AT Address', 'Customer OPENED Case', 'Customer PART_OF Customer', 'Customer PLACED Order', 'Customer PROVEN_BY AttributeProvenance', 'Customer REACHABLE_ON Channel', 'Customer RECEIVED Outreach', 'Customer SHOWS Signal', 'Customer STANDS Standing', 'Customer WAS_PROMISED Promise', 'Customer WORKS_FOR Customer', 'Delivery TELLS Change', 'Delivery TELLS_OF Customer', 'Interaction ABOUT Case', 'Interaction ABOUT Order', 'Interaction ABOUT Product', 'Interaction REPLIES_TO Interaction', 'Interaction VIA Channel', 'Order BILLED_BY Invoice', 'Order OF Product', 'Order PROMPTED_BY Campaign', 'Order SHIPPED_BY Shipment', 'Outreach PART_OF_CAMPAIGN Campaign', 'PrivacyRequest REQUESTED_BY Customer', 'Promise PROMISED_FOR Order', 'Promise PROMISED_IN Case', 'Signal BEGAN_WITH Campaign', 'Signal OFFERS Product', 'SourceRecord RESOLVES_TO Customer'], [String]
// $p4: ['Address LIVES_AT Customer', 'AttributeProvenance PROVEN_BY Customer', 'Case ABOUT Interaction', 'Case OPENED Customer', 'Case PROMISED_IN Promise', 'Change TELLS Delivery', 'Channel REACHABLE_ON Customer', 'Channel VIA Interaction', 'Consent GAVE Customer', 'Correction CORRECTED Customer', 'Customer CHANGED Change', 'Customer LOOKED_AT AccessRecord', 'Customer PART_OF Customer', 'Customer REQUESTED_BY PrivacyRequest', 'Customer RESOLVES_TO SourceRecord', 'Customer TELLS_OF Delivery', 'Customer WORKS_FOR Customer', 'Identity HAS_IDENTITY Customer', 'Interaction HAD Customer', 'Interaction REPLIES_TO Interaction', 'Interaction TOOK Case', 'Order CONCERNS Case', 'Order PLACED Customer', 'Order PROMISED_FOR Promise', 'Outreach RECEIVED Customer', 'Promise WAS_PROMISED Customer', 'Signal SHOWS Customer', 'Standing STANDS Customer'], [String]
// $p5: 2
// $p6: 21
OPTIONAL MATCH (n:Customer {id: $p0})
WHERE n.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED']
  AND n.id = $actor_id
WITH n
LIMIT 1
WITH n, reduce(levels = [[n]], hop IN range(2, $p5) | levels + [COLLECT {
  UNWIND last(levels)[..$p1] AS x
  MATCH (x)-[r:ABOUT|BEGAN_WITH|BILLED_BY|CHANGED|CONCERNS|CORRECTED|GAVE|HAD|HAS_IDENTITY|LIVES_AT|LOOKED_AT|OF|OFFERS|OPENED|PART_OF|PART_OF_CAMPAIGN|PLACED|PROMISED_FOR|PROMISED_IN|PROMPTED_BY|PROVEN_BY|REACHABLE_ON|RECEIVED|REPLIES_TO|REQUESTED_BY|RESOLVES_TO|SHIPPED_BY|SHOWS|STANDS|TELLS|TELLS_OF|TOOK|VIA|WAS_PROMISED|WORKS_FOR]-(y)
  WITH x, r, y, [label IN labels(x) WHERE label IN $p2][0] AS here, [label IN labels(y) WHERE label IN $p2][0] AS there
  WHERE (startNode(r) = x AND here + ' ' + type(r) + ' ' + there IN $p3) OR (endNode(r) = x AND here + ' ' + type(r) + ' ' + there IN $p4)
  WITH DISTINCT y
  WHERE none(level IN levels WHERE y IN level[..$p1])
    AND CASE
    WHEN y:AccessRecord|Change|Delivery|PrivacyRequest|SourceRecord THEN EXISTS { (y)-[y_edge:CHANGED|LOOKED_AT|REQUESTED_BY|RESOLVES_TO|TELLS_OF]->(y_customer:Customer) WHERE any(label IN labels(y) WHERE label + ' ' + type(y_edge) IN ['AccessRecord LOOKED_AT', 'Change CHANGED', 'Delivery TELLS_OF', 'PrivacyRequest REQUESTED_BY', 'SourceRecord RESOLVES_TO']) AND y_customer.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED'] AND y_customer.id = $actor_id }
    WHEN y:Address|AttributeProvenance|Case|Channel|Consent|Correction|Identity|Interaction|Order|Outreach|Promise|Signal|Standing THEN EXISTS { (y)<-[y_edge:CORRECTED|GAVE|HAD|HAS_IDENTITY|LIVES_AT|OPENED|PLACED|PROVEN_BY|REACHABLE_ON|RECEIVED|SHOWS|STANDS|WAS_PROMISED]-(y_customer:Customer) WHERE any(label IN labels(y) WHERE label + ' ' + type(y_edge) IN ['Address LIVES_AT', 'AttributeProvenance PROVEN_BY', 'Case OPENED', 'Channel REACHABLE_ON', 'Consent GAVE', 'Correction CORRECTED', 'Identity HAS_IDENTITY', 'Interaction HAD', 'Order PLACED', 'Outreach RECEIVED', 'Promise WAS_PROMISED', 'Signal SHOWS', 'Standing STANDS']) AND y_customer.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED'] AND y_customer.id = $actor_id }
    WHEN y:Campaign THEN true
    WHEN y:Customer THEN (y.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED'] AND y.id = $actor_id)
    WHEN y:Invoice|Shipment THEN EXISTS { (y)<-[y_edge:BILLED_BY|SHIPPED_BY]-(y_order:Order) WHERE any(label IN labels(y) WHERE label + ' ' + type(y_edge) IN ['Invoice BILLED_BY', 'Shipment SHIPPED_BY']) AND EXISTS { (y_order)<-[:PLACED]-(y_order_customer:Customer) WHERE y_order_customer.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED'] AND y_order_customer.id = $actor_id } }
    WHEN y:Product THEN true
  END
  RETURN y
  ORDER BY y.id
  LIMIT $p1 + 1
}]) AS levels
RETURN {
  rows: CASE WHEN n IS NOT NULL THEN COLLECT {
    UNWIND range(1, size(levels)) AS hop
    UNWIND levels[hop - 1][..$p1] AS x
    MATCH (x)-[r:ABOUT|BEGAN_WITH|BILLED_BY|CHANGED|CONCERNS|CORRECTED|GAVE|HAD|HAS_IDENTITY|LIVES_AT|LOOKED_AT|OF|OFFERS|OPENED|PART_OF|PART_OF_CAMPAIGN|PLACED|PROMISED_FOR|PROMISED_IN|PROMPTED_BY|PROVEN_BY|REACHABLE_ON|RECEIVED|REPLIES_TO|REQUESTED_BY|RESOLVES_TO|SHIPPED_BY|SHOWS|STANDS|TELLS|TELLS_OF|TOOK|VIA|WAS_PROMISED|WORKS_FOR]-(y)
    WITH hop, x, r, y, [label IN labels(x) WHERE label IN $p2][0] AS here, [label IN labels(y) WHERE label IN $p2][0] AS there
    WHERE (startNode(r) = x AND here + ' ' + type(r) + ' ' + there IN $p3) OR (endNode(r) = x AND here + ' ' + type(r) + ' ' + there IN $p4)
    WITH y, collect(DISTINCT {hops: hop, kind: type(r), source: startNode(r), target: endNode(r)}) AS steps
    WHERE CASE
      WHEN y:AccessRecord|Change|Delivery|PrivacyRequest|SourceRecord THEN EXISTS { (y)-[y_edge:CHANGED|LOOKED_AT|REQUESTED_BY|RESOLVES_TO|TELLS_OF]->(y_customer:Customer) WHERE any(label IN labels(y) WHERE label + ' ' + type(y_edge) IN ['AccessRecord LOOKED_AT', 'Change CHANGED', 'Delivery TELLS_OF', 'PrivacyRequest REQUESTED_BY', 'SourceRecord RESOLVES_TO']) AND y_customer.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED'] AND y_customer.id = $actor_id }
      WHEN y:Address|AttributeProvenance|Case|Channel|Consent|Correction|Identity|Interaction|Order|Outreach|Promise|Signal|Standing THEN EXISTS { (y)<-[y_edge:CORRECTED|GAVE|HAD|HAS_IDENTITY|LIVES_AT|OPENED|PLACED|PROVEN_BY|REACHABLE_ON|RECEIVED|SHOWS|STANDS|WAS_PROMISED]-(y_customer:Customer) WHERE any(label IN labels(y) WHERE label + ' ' + type(y_edge) IN ['Address LIVES_AT', 'AttributeProvenance PROVEN_BY', 'Case OPENED', 'Channel REACHABLE_ON', 'Consent GAVE', 'Correction CORRECTED', 'Identity HAS_IDENTITY', 'Interaction HAD', 'Order PLACED', 'Outreach RECEIVED', 'Promise WAS_PROMISED', 'Signal SHOWS', 'Standing STANDS']) AND y_customer.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED'] AND y_customer.id = $actor_id }
      WHEN y:Campaign THEN true
      WHEN y:Customer THEN (y.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED'] AND y.id = $actor_id)
      WHEN y:Invoice|Shipment THEN EXISTS { (y)<-[y_edge:BILLED_BY|SHIPPED_BY]-(y_order:Order) WHERE any(label IN labels(y) WHERE label + ' ' + type(y_edge) IN ['Invoice BILLED_BY', 'Shipment SHIPPED_BY']) AND EXISTS { (y_order)<-[:PLACED]-(y_order_customer:Customer) WHERE y_order_customer.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED'] AND y_order_customer.id = $actor_id } }
      WHEN y:Product THEN true
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
        WHEN source:Product THEN {
          _type: 'Product',
          id: source.id
        }
        WHEN source:Campaign THEN {
          _type: 'Campaign',
          id: source.id
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
        WHEN source:AccessRecord THEN {
          _type: 'AccessRecord',
          id: source.id,
          _about: [(source)-[:LOOKED_AT]->(source_who:Customer) | source_who.id]
        }
        WHEN source:Change THEN {
          _type: 'Change',
          id: source.id,
          _about: [(source)-[:CHANGED]->(source_who:Customer) | source_who.id]
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
        WHEN target:Product THEN {
          _type: 'Product',
          id: target.id
        }
        WHEN target:Campaign THEN {
          _type: 'Campaign',
          id: target.id
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
        WHEN target:AccessRecord THEN {
          _type: 'AccessRecord',
          id: target.id,
          _about: [(target)-[:LOOKED_AT]->(target_who:Customer) | target_who.id]
        }
        WHEN target:Change THEN {
          _type: 'Change',
          id: target.id,
          _about: [(target)-[:CHANGED]->(target_who:Customer) | target_who.id]
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
      END
    } AS row
  } END,
  truncated: any(level IN levels WHERE size(level) > $p1)
} AS row
