// root: relationships
// $p0: variable id, ID
// $p1: 500
// $p2: ['AccessRecord', 'AttributeProvenance', 'Campaign', 'Change', 'Consent', 'Correction', 'Customer', 'Delivery', 'Employee', 'LegalHold', 'Outreach', 'PrivacyRequest', 'Promise', 'Signal', 'SourceRecord', 'SourceSystem', 'Standing', 'Team'], [String]
// $p3: ['AccessRecord LOOKED_AT Customer', 'Change CHANGED Customer', 'Customer CORRECTED Correction', 'Customer GAVE Consent', 'Customer PART_OF Customer', 'Customer PROVEN_BY AttributeProvenance', 'Customer RECEIVED Outreach', 'Customer SHOWS Signal', 'Customer STANDS Standing', 'Customer WAS_PROMISED Promise', 'Customer WORKS_FOR Customer', 'Delivery TELLS Change', 'Delivery TELLS_OF Customer', 'LegalHold HOLDS Customer', 'Outreach PART_OF_CAMPAIGN Campaign', 'PrivacyRequest REQUESTED_BY Customer', 'Promise PROMISED_BY Employee', 'SourceRecord FROM SourceSystem', 'SourceRecord RESOLVES_TO Customer'], [String]
// $p4: ['AttributeProvenance PROVEN_BY Customer', 'Change TELLS Delivery', 'Consent GAVE Customer', 'Correction CORRECTED Customer', 'Customer CHANGED Change', 'Customer HOLDS LegalHold', 'Customer LOOKED_AT AccessRecord', 'Customer PART_OF Customer', 'Customer REQUESTED_BY PrivacyRequest', 'Customer RESOLVES_TO SourceRecord', 'Customer SERVES Team', 'Customer TELLS_OF Delivery', 'Customer WORKS_FOR Customer', 'Outreach RECEIVED Customer', 'Promise WAS_PROMISED Customer', 'Signal SHOWS Customer', 'Standing STANDS Customer', 'Team WORKS_IN Employee'], [String]
// $p5: 2
// $p6: 21
OPTIONAL MATCH (n:Customer {id: $p0})
WHERE n.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED']
WITH n
LIMIT 1
WITH n, reduce(levels = [[n]], hop IN range(2, $p5) | levels + [COLLECT {
  UNWIND last(levels)[..$p1] AS x
  MATCH (x)-[r:CHANGED|CORRECTED|FROM|GAVE|HOLDS|LOOKED_AT|PART_OF|PART_OF_CAMPAIGN|PROMISED_BY|PROVEN_BY|RECEIVED|REQUESTED_BY|RESOLVES_TO|SERVES|SHOWS|STANDS|TELLS|TELLS_OF|WAS_PROMISED|WORKS_FOR|WORKS_IN]-(y)
  WITH x, r, y, [label IN labels(x) WHERE label IN $p2][0] AS here, [label IN labels(y) WHERE label IN $p2][0] AS there
  WHERE (startNode(r) = x AND here + ' ' + type(r) + ' ' + there IN $p3) OR (endNode(r) = x AND here + ' ' + type(r) + ' ' + there IN $p4)
  WITH DISTINCT y
  WHERE none(level IN levels WHERE y IN level[..$p1])
    AND CASE
    WHEN y:AccessRecord THEN (EXISTS { (y)-[:LOOKED_AT]->(y_customer:Customer) WHERE y_customer.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED'] } OR NOT (EXISTS { (y)-[:LOOKED_AT]->(:Customer) }))
    WHEN y:AttributeProvenance|Consent|Correction|Outreach|Promise|Signal|Standing THEN EXISTS { (y)<-[y_edge:CORRECTED|GAVE|PROVEN_BY|RECEIVED|SHOWS|STANDS|WAS_PROMISED]-(y_customer:Customer) WHERE any(label IN labels(y) WHERE label + ' ' + type(y_edge) IN ['AttributeProvenance PROVEN_BY', 'Consent GAVE', 'Correction CORRECTED', 'Outreach RECEIVED', 'Promise WAS_PROMISED', 'Signal SHOWS', 'Standing STANDS']) AND y_customer.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED'] }
    WHEN y:Campaign THEN true
    WHEN y:Change THEN (EXISTS { (y)-[:CHANGED]->(y_customer:Customer) WHERE y_customer.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED'] } OR NOT (EXISTS { (y)-[:CHANGED]->(:Customer) }))
    WHEN y:Customer THEN y.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED']
    WHEN y:Delivery THEN (EXISTS { (y)-[:TELLS_OF]->(y_customer:Customer) WHERE y_customer.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED'] } OR NOT (EXISTS { (y)-[:TELLS_OF]->(:Customer) }))
    WHEN y:Employee THEN true
    WHEN y:LegalHold THEN EXISTS { (y)-[y_edge:HOLDS]->(y_customer:Customer) WHERE any(label IN labels(y) WHERE label + ' ' + type(y_edge) IN ['LegalHold HOLDS']) AND y_customer.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED'] }
    WHEN y:PrivacyRequest THEN (EXISTS { (y)-[:REQUESTED_BY]->(y_customer:Customer) WHERE y_customer.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED'] } OR NOT (EXISTS { (y)-[:REQUESTED_BY]->(:Customer) }))
    WHEN y:SourceRecord THEN (EXISTS { (y)-[:RESOLVES_TO]->(y_customer:Customer) WHERE y_customer.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED'] } OR NOT (EXISTS { (y)-[:RESOLVES_TO]->(:Customer) }))
    WHEN y:SourceSystem THEN true
    WHEN y:Team THEN true
  END
  RETURN y
  ORDER BY y.id
  LIMIT $p1 + 1
}]) AS levels
RETURN {
  rows: CASE WHEN n IS NOT NULL THEN COLLECT {
    UNWIND range(1, size(levels)) AS hop
    UNWIND levels[hop - 1][..$p1] AS x
    MATCH (x)-[r:CHANGED|CORRECTED|FROM|GAVE|HOLDS|LOOKED_AT|PART_OF|PART_OF_CAMPAIGN|PROMISED_BY|PROVEN_BY|RECEIVED|REQUESTED_BY|RESOLVES_TO|SERVES|SHOWS|STANDS|TELLS|TELLS_OF|WAS_PROMISED|WORKS_FOR|WORKS_IN]-(y)
    WITH hop, x, r, y, [label IN labels(x) WHERE label IN $p2][0] AS here, [label IN labels(y) WHERE label IN $p2][0] AS there
    WHERE (startNode(r) = x AND here + ' ' + type(r) + ' ' + there IN $p3) OR (endNode(r) = x AND here + ' ' + type(r) + ' ' + there IN $p4)
    WITH y, collect(DISTINCT {hops: hop, kind: type(r), source: startNode(r), target: endNode(r)}) AS steps
    WHERE CASE
      WHEN y:AccessRecord THEN (EXISTS { (y)-[:LOOKED_AT]->(y_customer:Customer) WHERE y_customer.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED'] } OR NOT (EXISTS { (y)-[:LOOKED_AT]->(:Customer) }))
      WHEN y:AttributeProvenance|Consent|Correction|Outreach|Promise|Signal|Standing THEN EXISTS { (y)<-[y_edge:CORRECTED|GAVE|PROVEN_BY|RECEIVED|SHOWS|STANDS|WAS_PROMISED]-(y_customer:Customer) WHERE any(label IN labels(y) WHERE label + ' ' + type(y_edge) IN ['AttributeProvenance PROVEN_BY', 'Consent GAVE', 'Correction CORRECTED', 'Outreach RECEIVED', 'Promise WAS_PROMISED', 'Signal SHOWS', 'Standing STANDS']) AND y_customer.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED'] }
      WHEN y:Campaign THEN true
      WHEN y:Change THEN (EXISTS { (y)-[:CHANGED]->(y_customer:Customer) WHERE y_customer.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED'] } OR NOT (EXISTS { (y)-[:CHANGED]->(:Customer) }))
      WHEN y:Customer THEN y.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED']
      WHEN y:Delivery THEN (EXISTS { (y)-[:TELLS_OF]->(y_customer:Customer) WHERE y_customer.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED'] } OR NOT (EXISTS { (y)-[:TELLS_OF]->(:Customer) }))
      WHEN y:Employee THEN true
      WHEN y:LegalHold THEN EXISTS { (y)-[y_edge:HOLDS]->(y_customer:Customer) WHERE any(label IN labels(y) WHERE label + ' ' + type(y_edge) IN ['LegalHold HOLDS']) AND y_customer.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED'] }
      WHEN y:PrivacyRequest THEN (EXISTS { (y)-[:REQUESTED_BY]->(y_customer:Customer) WHERE y_customer.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED'] } OR NOT (EXISTS { (y)-[:REQUESTED_BY]->(:Customer) }))
      WHEN y:SourceRecord THEN (EXISTS { (y)-[:RESOLVES_TO]->(y_customer:Customer) WHERE y_customer.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED'] } OR NOT (EXISTS { (y)-[:RESOLVES_TO]->(:Customer) }))
      WHEN y:SourceSystem THEN true
      WHEN y:Team THEN true
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
        WHEN source:Outreach THEN {
          _type: 'Outreach',
          id: source.id,
          _about: [(source)<-[:RECEIVED]-(source_who:Customer) | source_who.id]
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
        WHEN source:SourceSystem THEN {
          _type: 'SourceSystem',
          id: source.id
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
        WHEN source:Employee THEN {
          _type: 'Employee',
          id: source.id
        }
        WHEN source:Team THEN {
          _type: 'Team',
          id: source.id
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
        WHEN source:Promise THEN {
          _type: 'Promise',
          id: source.id,
          _about: [(source)<-[:WAS_PROMISED]-(source_who:Customer) | source_who.id]
        }
        WHEN source:Delivery THEN {
          _type: 'Delivery',
          id: source.id,
          _about: [(source)-[:TELLS_OF]->(source_who:Customer) | source_who.id]
        }
        WHEN source:LegalHold THEN {
          _type: 'LegalHold',
          id: source.id,
          _about: [(source)-[:HOLDS]->(source_who:Customer) | source_who.id]
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
        WHEN target:Outreach THEN {
          _type: 'Outreach',
          id: target.id,
          _about: [(target)<-[:RECEIVED]-(target_who:Customer) | target_who.id]
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
        WHEN target:SourceSystem THEN {
          _type: 'SourceSystem',
          id: target.id
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
        WHEN target:Employee THEN {
          _type: 'Employee',
          id: target.id
        }
        WHEN target:Team THEN {
          _type: 'Team',
          id: target.id
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
        WHEN target:Promise THEN {
          _type: 'Promise',
          id: target.id,
          _about: [(target)<-[:WAS_PROMISED]-(target_who:Customer) | target_who.id]
        }
        WHEN target:Delivery THEN {
          _type: 'Delivery',
          id: target.id,
          _about: [(target)-[:TELLS_OF]->(target_who:Customer) | target_who.id]
        }
        WHEN target:LegalHold THEN {
          _type: 'LegalHold',
          id: target.id,
          _about: [(target)-[:HOLDS]->(target_who:Customer) | target_who.id]
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
