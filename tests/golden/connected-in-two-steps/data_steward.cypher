// root: relationships
// $p0: variable id, ID
// $p1: 500
// $p2: ['Address', 'AttributeProvenance', 'Case', 'Channel', 'Correction', 'Customer', 'Delivery', 'Household', 'Identity', 'Interaction', 'MatchCandidate', 'MatchDecision', 'Order', 'Promise', 'ReviewTask', 'SourceRecord', 'SourceSystem'], [String]
// $p3: ['Case CONCERNS Order', 'Case TOOK Interaction', 'Customer CORRECTED Correction', 'Customer HAD Interaction', 'Customer HAS_IDENTITY Identity', 'Customer LIVES_AT Address', 'Customer MEMBER_OF Household', 'Customer OPENED Case', 'Customer PART_OF Customer', 'Customer PLACED Order', 'Customer PROVEN_BY AttributeProvenance', 'Customer REACHABLE_ON Channel', 'Customer WAS_PROMISED Promise', 'Customer WORKS_FOR Customer', 'Delivery TELLS_OF Customer', 'Interaction ABOUT Case', 'Interaction ABOUT Order', 'Interaction REPLIES_TO Interaction', 'Interaction VIA Channel', 'Promise PROMISED_FOR Order', 'Promise PROMISED_IN Case', 'ReviewTask ASKS_ABOUT Customer', 'ReviewTask FOUND_IN Interaction', 'SourceRecord FROM SourceSystem', 'SourceRecord RESOLVES_TO Customer'], [String]
// $p4: ['Address LIVES_AT Customer', 'AttributeProvenance PROVEN_BY Customer', 'Case ABOUT Interaction', 'Case OPENED Customer', 'Case PROMISED_IN Promise', 'Channel REACHABLE_ON Customer', 'Channel VIA Interaction', 'Correction CORRECTED Customer', 'Customer ASKS_ABOUT ReviewTask', 'Customer PART_OF Customer', 'Customer RESOLVES_TO SourceRecord', 'Customer TELLS_OF Delivery', 'Customer WORKS_FOR Customer', 'Household MEMBER_OF Customer', 'Identity HAS_IDENTITY Customer', 'Interaction FOUND_IN ReviewTask', 'Interaction HAD Customer', 'Interaction REPLIES_TO Interaction', 'Interaction TOOK Case', 'Order CONCERNS Case', 'Order PLACED Customer', 'Order PROMISED_FOR Promise', 'Promise WAS_PROMISED Customer', 'SourceRecord COMPARES MatchCandidate', 'SourceRecord DECIDED MatchDecision'], [String]
// $p5: 2
// $p6: 21
OPTIONAL MATCH (n:Customer {id: $p0})
WHERE n.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED']
WITH n
LIMIT 1
WITH n, reduce(levels = [[n]], hop IN range(2, $p5) | levels + [COLLECT {
  UNWIND last(levels)[..$p1] AS x
  MATCH (x)-[r:ABOUT|ASKS_ABOUT|COMPARES|CONCERNS|CORRECTED|DECIDED|FOUND_IN|FROM|HAD|HAS_IDENTITY|LIVES_AT|MEMBER_OF|OPENED|PART_OF|PLACED|PROMISED_FOR|PROMISED_IN|PROVEN_BY|REACHABLE_ON|REPLIES_TO|RESOLVES_TO|TELLS_OF|TOOK|VIA|WAS_PROMISED|WORKS_FOR]-(y)
  WITH x, r, y, [label IN labels(x) WHERE label IN $p2][0] AS here, [label IN labels(y) WHERE label IN $p2][0] AS there
  WHERE (startNode(r) = x AND here + ' ' + type(r) + ' ' + there IN $p3) OR (endNode(r) = x AND here + ' ' + type(r) + ' ' + there IN $p4)
  WITH DISTINCT y
  WHERE none(level IN levels WHERE y IN level[..$p1])
    AND CASE
    WHEN y:Address|AttributeProvenance|Channel|Correction|Household|Identity|Promise THEN EXISTS { (y)<-[y_edge:CORRECTED|HAS_IDENTITY|LIVES_AT|MEMBER_OF|PROVEN_BY|REACHABLE_ON|WAS_PROMISED]-(y_customer:Customer) WHERE any(label IN labels(y) WHERE label + ' ' + type(y_edge) IN ['Address LIVES_AT', 'AttributeProvenance PROVEN_BY', 'Channel REACHABLE_ON', 'Correction CORRECTED', 'Household MEMBER_OF', 'Identity HAS_IDENTITY', 'Promise WAS_PROMISED']) AND y_customer.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED'] }
    WHEN y:Case THEN (EXISTS { (y)<-[:OPENED]-(y_customer:Customer) WHERE y_customer.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED'] } OR NOT (EXISTS { (y)<-[:OPENED]-(:Customer) }))
    WHEN y:Customer THEN y.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED']
    WHEN y:Delivery THEN (EXISTS { (y)-[:TELLS_OF]->(y_customer:Customer) WHERE y_customer.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED'] } OR NOT (EXISTS { (y)-[:TELLS_OF]->(:Customer) }))
    WHEN y:Interaction THEN (EXISTS { (y)<-[:HAD]-(y_customer:Customer) WHERE y_customer.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED'] } OR NOT (EXISTS { (y)<-[:HAD]-(:Customer) }))
    WHEN y:MatchCandidate THEN (EXISTS { (y)-[:COMPARES]->(y_sourcerecord:SourceRecord) WHERE (EXISTS { (y_sourcerecord)-[:RESOLVES_TO]->(y_sourcerecord_customer:Customer) WHERE y_sourcerecord_customer.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED'] } OR NOT (EXISTS { (y_sourcerecord)-[:RESOLVES_TO]->(:Customer) })) } AND NOT (EXISTS { (y)-[:COMPARES]->(y_sourcerecord:SourceRecord) WHERE CASE WHEN (EXISTS { (y_sourcerecord)-[:RESOLVES_TO]->(y_sourcerecord_customer:Customer) WHERE y_sourcerecord_customer.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED'] } OR NOT (EXISTS { (y_sourcerecord)-[:RESOLVES_TO]->(:Customer) })) THEN false ELSE true END }))
    WHEN y:MatchDecision THEN (EXISTS { (y)-[:DECIDED]->(y_sourcerecord:SourceRecord) WHERE (EXISTS { (y_sourcerecord)-[:RESOLVES_TO]->(y_sourcerecord_customer:Customer) WHERE y_sourcerecord_customer.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED'] } OR NOT (EXISTS { (y_sourcerecord)-[:RESOLVES_TO]->(:Customer) })) } AND NOT (EXISTS { (y)-[:DECIDED]->(y_sourcerecord:SourceRecord) WHERE CASE WHEN (EXISTS { (y_sourcerecord)-[:RESOLVES_TO]->(y_sourcerecord_customer:Customer) WHERE y_sourcerecord_customer.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED'] } OR NOT (EXISTS { (y_sourcerecord)-[:RESOLVES_TO]->(:Customer) })) THEN false ELSE true END }))
    WHEN y:Order THEN (EXISTS { (y)<-[:PLACED]-(y_customer:Customer) WHERE y_customer.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED'] } OR NOT (EXISTS { (y)<-[:PLACED]-(:Customer) }))
    WHEN y:ReviewTask THEN (EXISTS { (y)-[:ASKS_ABOUT]->(y_customer:Customer) WHERE y_customer.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED'] } OR NOT (EXISTS { (y)-[:ASKS_ABOUT]->(:Customer) }))
    WHEN y:SourceRecord THEN (EXISTS { (y)-[:RESOLVES_TO]->(y_customer:Customer) WHERE y_customer.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED'] } OR NOT (EXISTS { (y)-[:RESOLVES_TO]->(:Customer) }))
    WHEN y:SourceSystem THEN true
  END
  RETURN y
  ORDER BY y.id
  LIMIT $p1 + 1
}]) AS levels
RETURN {
  rows: CASE WHEN n IS NOT NULL THEN COLLECT {
    UNWIND range(1, size(levels)) AS hop
    UNWIND levels[hop - 1][..$p1] AS x
    MATCH (x)-[r:ABOUT|ASKS_ABOUT|COMPARES|CONCERNS|CORRECTED|DECIDED|FOUND_IN|FROM|HAD|HAS_IDENTITY|LIVES_AT|MEMBER_OF|OPENED|PART_OF|PLACED|PROMISED_FOR|PROMISED_IN|PROVEN_BY|REACHABLE_ON|REPLIES_TO|RESOLVES_TO|TELLS_OF|TOOK|VIA|WAS_PROMISED|WORKS_FOR]-(y)
    WITH hop, x, r, y, [label IN labels(x) WHERE label IN $p2][0] AS here, [label IN labels(y) WHERE label IN $p2][0] AS there
    WHERE (startNode(r) = x AND here + ' ' + type(r) + ' ' + there IN $p3) OR (endNode(r) = x AND here + ' ' + type(r) + ' ' + there IN $p4)
    WITH y, collect(DISTINCT {hops: hop, kind: type(r), source: startNode(r), target: endNode(r)}) AS steps
    WHERE CASE
      WHEN y:Address|AttributeProvenance|Channel|Correction|Household|Identity|Promise THEN EXISTS { (y)<-[y_edge:CORRECTED|HAS_IDENTITY|LIVES_AT|MEMBER_OF|PROVEN_BY|REACHABLE_ON|WAS_PROMISED]-(y_customer:Customer) WHERE any(label IN labels(y) WHERE label + ' ' + type(y_edge) IN ['Address LIVES_AT', 'AttributeProvenance PROVEN_BY', 'Channel REACHABLE_ON', 'Correction CORRECTED', 'Household MEMBER_OF', 'Identity HAS_IDENTITY', 'Promise WAS_PROMISED']) AND y_customer.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED'] }
      WHEN y:Case THEN (EXISTS { (y)<-[:OPENED]-(y_customer:Customer) WHERE y_customer.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED'] } OR NOT (EXISTS { (y)<-[:OPENED]-(:Customer) }))
      WHEN y:Customer THEN y.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED']
      WHEN y:Delivery THEN (EXISTS { (y)-[:TELLS_OF]->(y_customer:Customer) WHERE y_customer.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED'] } OR NOT (EXISTS { (y)-[:TELLS_OF]->(:Customer) }))
      WHEN y:Interaction THEN (EXISTS { (y)<-[:HAD]-(y_customer:Customer) WHERE y_customer.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED'] } OR NOT (EXISTS { (y)<-[:HAD]-(:Customer) }))
      WHEN y:MatchCandidate THEN (EXISTS { (y)-[:COMPARES]->(y_sourcerecord:SourceRecord) WHERE (EXISTS { (y_sourcerecord)-[:RESOLVES_TO]->(y_sourcerecord_customer:Customer) WHERE y_sourcerecord_customer.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED'] } OR NOT (EXISTS { (y_sourcerecord)-[:RESOLVES_TO]->(:Customer) })) } AND NOT (EXISTS { (y)-[:COMPARES]->(y_sourcerecord:SourceRecord) WHERE CASE WHEN (EXISTS { (y_sourcerecord)-[:RESOLVES_TO]->(y_sourcerecord_customer:Customer) WHERE y_sourcerecord_customer.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED'] } OR NOT (EXISTS { (y_sourcerecord)-[:RESOLVES_TO]->(:Customer) })) THEN false ELSE true END }))
      WHEN y:MatchDecision THEN (EXISTS { (y)-[:DECIDED]->(y_sourcerecord:SourceRecord) WHERE (EXISTS { (y_sourcerecord)-[:RESOLVES_TO]->(y_sourcerecord_customer:Customer) WHERE y_sourcerecord_customer.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED'] } OR NOT (EXISTS { (y_sourcerecord)-[:RESOLVES_TO]->(:Customer) })) } AND NOT (EXISTS { (y)-[:DECIDED]->(y_sourcerecord:SourceRecord) WHERE CASE WHEN (EXISTS { (y_sourcerecord)-[:RESOLVES_TO]->(y_sourcerecord_customer:Customer) WHERE y_sourcerecord_customer.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED'] } OR NOT (EXISTS { (y_sourcerecord)-[:RESOLVES_TO]->(:Customer) })) THEN false ELSE true END }))
      WHEN y:Order THEN (EXISTS { (y)<-[:PLACED]-(y_customer:Customer) WHERE y_customer.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED'] } OR NOT (EXISTS { (y)<-[:PLACED]-(:Customer) }))
      WHEN y:ReviewTask THEN (EXISTS { (y)-[:ASKS_ABOUT]->(y_customer:Customer) WHERE y_customer.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED'] } OR NOT (EXISTS { (y)-[:ASKS_ABOUT]->(:Customer) }))
      WHEN y:SourceRecord THEN (EXISTS { (y)-[:RESOLVES_TO]->(y_customer:Customer) WHERE y_customer.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED'] } OR NOT (EXISTS { (y)-[:RESOLVES_TO]->(:Customer) }))
      WHEN y:SourceSystem THEN true
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
        WHEN source:Household THEN {
          _type: 'Household',
          id: source.id,
          _about: [(source)<-[:MEMBER_OF]-(source_who:Customer) | source_who.id]
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
        WHEN source:MatchCandidate THEN {
          _type: 'MatchCandidate',
          id: source.id,
          _about: [(source)-[:COMPARES]->(:SourceRecord)-[:RESOLVES_TO]->(source_who:Customer) | source_who.id]
        }
        WHEN source:MatchDecision THEN {
          _type: 'MatchDecision',
          id: source.id,
          _about: [(source)-[:DECIDED]->(:SourceRecord)-[:RESOLVES_TO]->(source_who:Customer) | source_who.id]
        }
        WHEN source:ReviewTask THEN {
          _type: 'ReviewTask',
          id: source.id,
          _about: [(source)-[:ASKS_ABOUT]->(source_who:Customer) | source_who.id]
        }
        WHEN source:AttributeProvenance THEN {
          _type: 'AttributeProvenance',
          id: source.id,
          _about: [(source)<-[:PROVEN_BY]-(source_who:Customer) | source_who.id]
        }
        WHEN source:Interaction THEN {
          _type: 'Interaction',
          id: source.id,
          _about: [(source)<-[:HAD]-(source_who:Customer) | source_who.id]
        }
        WHEN source:Order THEN {
          _type: 'Order',
          id: source.id,
          _about: [(source)<-[:PLACED]-(source_who:Customer) | source_who.id]
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
        WHEN target:SourceSystem THEN {
          _type: 'SourceSystem',
          id: target.id
        }
        WHEN target:SourceRecord THEN {
          _type: 'SourceRecord',
          id: target.id,
          _about: [(target)-[:RESOLVES_TO]->(target_who:Customer) | target_who.id]
        }
        WHEN target:MatchCandidate THEN {
          _type: 'MatchCandidate',
          id: target.id,
          _about: [(target)-[:COMPARES]->(:SourceRecord)-[:RESOLVES_TO]->(target_who:Customer) | target_who.id]
        }
        WHEN target:MatchDecision THEN {
          _type: 'MatchDecision',
          id: target.id,
          _about: [(target)-[:DECIDED]->(:SourceRecord)-[:RESOLVES_TO]->(target_who:Customer) | target_who.id]
        }
        WHEN target:ReviewTask THEN {
          _type: 'ReviewTask',
          id: target.id,
          _about: [(target)-[:ASKS_ABOUT]->(target_who:Customer) | target_who.id]
        }
        WHEN target:AttributeProvenance THEN {
          _type: 'AttributeProvenance',
          id: target.id,
          _about: [(target)<-[:PROVEN_BY]-(target_who:Customer) | target_who.id]
        }
        WHEN target:Interaction THEN {
          _type: 'Interaction',
          id: target.id,
          _about: [(target)<-[:HAD]-(target_who:Customer) | target_who.id]
        }
        WHEN target:Order THEN {
          _type: 'Order',
          id: target.id,
          _about: [(target)<-[:PLACED]-(target_who:Customer) | target_who.id]
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
      END
    } AS row
  } END,
  truncated: any(level IN levels WHERE size(level) > $p1)
} AS row
