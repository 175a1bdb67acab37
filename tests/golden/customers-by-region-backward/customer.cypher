// root: customers
// $p0: ['DE', 'GB', 'US'], [String]
// $p1: key 0 of the cursor in variable before, String
// $p2: key 1 of the cursor in variable before, Date
// $p3: key 2 of the cursor in variable before, ID
// $p4: 11
MATCH (n:Customer)
WHERE n.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED']
  AND n.id = $actor_id
  AND n.region IN $p0
  AND CASE WHEN $p1 IS NULL THEN ((n.region IS NULL AND CASE WHEN date($p2) IS NULL THEN (n.customerSince IS NULL AND n.id < $p3) ELSE (n.customerSince > date($p2) OR (n.customerSince = date($p2) AND n.id < $p3) OR n.customerSince IS NULL) END) OR NOT (n.region IS NULL)) ELSE (n.region < $p1 OR (n.region = $p1 AND CASE WHEN date($p2) IS NULL THEN (n.customerSince IS NULL AND n.id < $p3) ELSE (n.customerSince > date($p2) OR (n.customerSince = date($p2) AND n.id < $p3) OR n.customerSince IS NULL) END)) END
WITH n
ORDER BY n.region DESC, n.customerSince, n.id DESC
LIMIT $p4
RETURN {
  id: n.id,
  region: n.region,
  customerSince: toString(n.customerSince),
  _at: [n.region, toString(n.customerSince), n.id]
} AS row
