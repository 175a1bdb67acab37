// root: relationships
// $p0: variable id, ID
// $p1: 500
// $p2: ['Consent', 'Customer'], [String]
// $p3: ['Customer GAVE Consent'], [String]
// $p4: [], [String]
// $p5: 1
// $p6: 6
OPTIONAL MATCH (n:Customer {id: $p0})
WHERE n.status IN ['ACTIVE', 'DECEASED']
  AND (n.region IN $actor_regions OR '*' IN $actor_regions OR EXISTS { (n)<-[:SERVES]-(n_team:Team) WHERE EXISTS { (n_team)<-[:WORKS_IN]-(n_team_employee:Employee) WHERE n_team_employee.number = $actor_id } })
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
    WHEN y:Consent THEN EXISTS { (y)<-[y_edge:GAVE]-(y_customer:Customer) WHERE any(label IN labels(y) WHERE label + ' ' + type(y_edge) IN ['Consent GAVE']) AND y_customer.status IN ['ACTIVE', 'DECEASED'] AND (y_customer.region IN $actor_regions OR '*' IN $actor_regions OR EXISTS { (y_customer)<-[:SERVES]-(y_customer_team:Team) WHERE EXISTS { (y_customer_team)<-[:WORKS_IN]-(y_customer_team_employee:Employee) WHERE y_customer_team_employee.number = $actor_id } }) }
    WHEN y:Customer THEN (y.status IN ['ACTIVE', 'DECEASED'] AND (y.region IN $actor_regions OR '*' IN $actor_regions OR EXISTS { (y)<-[:SERVES]-(y_team:Team) WHERE EXISTS { (y_team)<-[:WORKS_IN]-(y_team_employee:Employee) WHERE y_team_employee.number = $actor_id } }))
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
      WHEN y:Consent THEN EXISTS { (y)<-[y_edge:GAVE]-(y_customer:Customer) WHERE any(label IN labels(y) WHERE label + ' ' + type(y_edge) IN ['Consent GAVE']) AND y_customer.status IN ['ACTIVE', 'DECEASED'] AND (y_customer.region IN $actor_regions OR '*' IN $actor_regions OR EXISTS { (y_customer)<-[:SERVES]-(y_customer_team:Team) WHERE EXISTS { (y_customer_team)<-[:WORKS_IN]-(y_customer_team_employee:Employee) WHERE y_customer_team_employee.number = $actor_id } }) }
      WHEN y:Customer THEN (y.status IN ['ACTIVE', 'DECEASED'] AND (y.region IN $actor_regions OR '*' IN $actor_regions OR EXISTS { (y)<-[:SERVES]-(y_team:Team) WHERE EXISTS { (y_team)<-[:WORKS_IN]-(y_team_employee:Employee) WHERE y_team_employee.number = $actor_id } }))
    END
    UNWIND steps AS step
    WITH step.kind AS kind, step.source AS source, step.target AS target, min(step.hops) AS hops
    ORDER BY hops, kind, source.id, target.id
    LIMIT $p6
    WITH source,
      kind,
      hops,
      target,
      EXISTS { (source)-[:STANDS]->(source_standing:Standing) WHERE source_standing.purpose = $purpose AND source_standing.lawful AND (source_standing.until IS NULL OR source_standing.until > $now) } AS source_Customer_rule0
    WITH target,
      kind,
      hops,
      source,
      source_Customer_rule0,
      EXISTS { (target)-[:STANDS]->(target_standing:Standing) WHERE target_standing.purpose = $purpose AND target_standing.lawful AND (target_standing.until IS NULL OR target_standing.until > $now) } AS target_Customer_rule0
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
          phone: CASE WHEN source_Customer_rule0 THEN source.phone ELSE '…' + right(source.phone, 4) END,
          _rule0: source_Customer_rule0
        }
        WHEN source:Consent THEN {
          _type: 'Consent',
          id: source.id,
          state: source.state,
          _about: [(source)<-[:GAVE]-(source_who:Customer) | source_who.id],
          customer: COLLECT {
            MATCH (source)<-[:GAVE]-(source_customer:Customer)
            WHERE source_customer.status IN ['ACTIVE', 'DECEASED']
              AND (source_customer.region IN $actor_regions OR '*' IN $actor_regions OR EXISTS { (source_customer)<-[:SERVES]-(source_customer_team:Team) WHERE EXISTS { (source_customer_team)<-[:WORKS_IN]-(source_customer_team_employee:Employee) WHERE source_customer_team_employee.number = $actor_id } })
            WITH source_customer
            ORDER BY source_customer.id
            LIMIT 1
            WITH source_customer,
              EXISTS { (source_customer)-[:STANDS]->(source_customer_standing:Standing) WHERE source_customer_standing.purpose = $purpose AND source_customer_standing.lawful AND (source_customer_standing.until IS NULL OR source_customer_standing.until > $now) } AS source_customer_rule0
            RETURN {
              name: source_customer.name,
              email: CASE WHEN source_customer_rule0 THEN source_customer.email ELSE '…@' + split(source_customer.email, '@')[-1] END,
              _rule0: source_customer_rule0,
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
          email: CASE WHEN target_Customer_rule0 THEN target.email ELSE '…@' + split(target.email, '@')[-1] END,
          phone: CASE WHEN target_Customer_rule0 THEN target.phone ELSE '…' + right(target.phone, 4) END,
          _rule0: target_Customer_rule0
        }
        WHEN target:Consent THEN {
          _type: 'Consent',
          id: target.id,
          state: target.state,
          _about: [(target)<-[:GAVE]-(target_who:Customer) | target_who.id],
          customer: COLLECT {
            MATCH (target)<-[:GAVE]-(target_customer:Customer)
            WHERE target_customer.status IN ['ACTIVE', 'DECEASED']
              AND (target_customer.region IN $actor_regions OR '*' IN $actor_regions OR EXISTS { (target_customer)<-[:SERVES]-(target_customer_team:Team) WHERE EXISTS { (target_customer_team)<-[:WORKS_IN]-(target_customer_team_employee:Employee) WHERE target_customer_team_employee.number = $actor_id } })
            WITH target_customer
            ORDER BY target_customer.id
            LIMIT 1
            WITH target_customer,
              EXISTS { (target_customer)-[:STANDS]->(target_customer_standing:Standing) WHERE target_customer_standing.purpose = $purpose AND target_customer_standing.lawful AND (target_customer_standing.until IS NULL OR target_customer_standing.until > $now) } AS target_customer_rule0
            RETURN {
              name: target_customer.name,
              email: CASE WHEN target_customer_rule0 THEN target_customer.email ELSE '…@' + split(target_customer.email, '@')[-1] END,
              _rule0: target_customer_rule0,
              _about: target_customer.id
            } AS row
          }[0]
        }
      END
    } AS row
  } END,
  truncated: any(level IN levels WHERE size(level) > $p1)
} AS row
