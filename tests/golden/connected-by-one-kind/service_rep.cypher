// root: relationships
// $p0: variable id, ID
// $p1: 500
// $p2: ['Customer', 'Interaction'], [String]
// $p3: ['Customer HAD Interaction'], [String]
// $p4: [], [String]
// $p5: 1
// $p6: key 0 of the cursor in variable after, Int
// $p7: key 1 of the cursor in variable after, String
// $p8: key 2 of the cursor in variable after, ID
// $p9: key 3 of the cursor in variable after, ID
// $p10: 6
OPTIONAL MATCH (n:Customer {id: $p0})
WHERE n.status IN ['ACTIVE', 'DECEASED']
  AND (n.region IN $actor_regions OR '*' IN $actor_regions OR EXISTS { (n)<-[:SERVES]-(n_team:Team) WHERE EXISTS { (n_team)<-[:WORKS_IN]-(n_team_employee:Employee) WHERE n_team_employee.number = $actor_id } })
WITH n
LIMIT 1
WITH n, reduce(levels = [[n]], hop IN range(2, $p5) | levels + [COLLECT {
  UNWIND last(levels)[..$p1] AS x
  MATCH (x)-[r:HAD]-(y)
  WITH x, r, y, [label IN labels(x) WHERE label IN $p2][0] AS here, [label IN labels(y) WHERE label IN $p2][0] AS there
  WHERE (startNode(r) = x AND here + ' ' + type(r) + ' ' + there IN $p3) OR (endNode(r) = x AND here + ' ' + type(r) + ' ' + there IN $p4)
  WITH DISTINCT y
  WHERE none(level IN levels WHERE y IN level[..$p1])
    AND CASE
    WHEN y:Customer THEN (y.status IN ['ACTIVE', 'DECEASED'] AND (y.region IN $actor_regions OR '*' IN $actor_regions OR EXISTS { (y)<-[:SERVES]-(y_team:Team) WHERE EXISTS { (y_team)<-[:WORKS_IN]-(y_team_employee:Employee) WHERE y_team_employee.number = $actor_id } }))
    WHEN y:Interaction THEN EXISTS { (y)<-[y_edge:HAD]-(y_customer:Customer) WHERE any(label IN labels(y) WHERE label + ' ' + type(y_edge) IN ['Interaction HAD']) AND y_customer.status IN ['ACTIVE', 'DECEASED'] AND (y_customer.region IN $actor_regions OR '*' IN $actor_regions OR EXISTS { (y_customer)<-[:SERVES]-(y_customer_team:Team) WHERE EXISTS { (y_customer_team)<-[:WORKS_IN]-(y_customer_team_employee:Employee) WHERE y_customer_team_employee.number = $actor_id } }) }
  END
  RETURN y
  ORDER BY y.id
  LIMIT $p1 + 1
}]) AS levels
RETURN {
  rows: CASE WHEN n IS NOT NULL THEN COLLECT {
    UNWIND range(1, size(levels)) AS hop
    UNWIND levels[hop - 1][..$p1] AS x
    MATCH (x)-[r:HAD]-(y)
    WITH hop, x, r, y, [label IN labels(x) WHERE label IN $p2][0] AS here, [label IN labels(y) WHERE label IN $p2][0] AS there
    WHERE (startNode(r) = x AND here + ' ' + type(r) + ' ' + there IN $p3) OR (endNode(r) = x AND here + ' ' + type(r) + ' ' + there IN $p4)
    WITH y, collect(DISTINCT {hops: hop, kind: type(r), source: startNode(r), target: endNode(r)}) AS steps
    WHERE CASE
      WHEN y:Customer THEN (y.status IN ['ACTIVE', 'DECEASED'] AND (y.region IN $actor_regions OR '*' IN $actor_regions OR EXISTS { (y)<-[:SERVES]-(y_team:Team) WHERE EXISTS { (y_team)<-[:WORKS_IN]-(y_team_employee:Employee) WHERE y_team_employee.number = $actor_id } }))
      WHEN y:Interaction THEN EXISTS { (y)<-[y_edge:HAD]-(y_customer:Customer) WHERE any(label IN labels(y) WHERE label + ' ' + type(y_edge) IN ['Interaction HAD']) AND y_customer.status IN ['ACTIVE', 'DECEASED'] AND (y_customer.region IN $actor_regions OR '*' IN $actor_regions OR EXISTS { (y_customer)<-[:SERVES]-(y_customer_team:Team) WHERE EXISTS { (y_customer_team)<-[:WORKS_IN]-(y_customer_team_employee:Employee) WHERE y_customer_team_employee.number = $actor_id } }) }
    END
    UNWIND steps AS step
    WITH step.kind AS kind, step.source AS source, step.target AS target, min(step.hops) AS hops
    WHERE (hops > $p6 OR (hops = $p6 AND (kind > $p7 OR (kind = $p7 AND (source.id > $p8 OR (source.id = $p8 AND target.id > $p9))))))
    ORDER BY hops, kind, source.id, target.id
    LIMIT $p10
    WITH source,
      kind,
      hops,
      target,
      EXISTS { (source)-[:STANDS]->(source_standing:Standing) WHERE source_standing.purpose = $purpose AND source_standing.lawful AND (source_standing.until IS NULL OR source_standing.until > $now) } AS source_Customer_rule0
    RETURN {
      _at: [hops, kind, source.id, target.id],
      kind: kind,
      hops: hops,
      source: CASE
        WHEN source:Customer THEN {
          _type: 'Customer',
          id: source.id,
          name: source.name,
          email: CASE WHEN source_Customer_rule0 THEN source.email ELSE '…@' + split(source.email, '@')[-1] END,
          _rule0: source_Customer_rule0
        }
        WHEN source:Interaction THEN {
          _type: 'Interaction',
          id: source.id,
          _about: [(source)<-[:HAD]-(source_who:Customer) | source_who.id]
        }
      END,
      target: CASE
        WHEN target:Customer THEN {
          _type: 'Customer',
          id: target.id
        }
        WHEN target:Interaction THEN {
          _type: 'Interaction',
          id: target.id,
          kind: target.kind,
          occurredAt: toString(target.occurredAt),
          _about: [(target)<-[:HAD]-(target_who:Customer) | target_who.id]
        }
      END
    } AS row
  } END,
  truncated: any(level IN levels WHERE size(level) > $p1)
} AS row
