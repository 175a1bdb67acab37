// root: customers
// $p0: variable mails, [String]
// $p1: '+4930000000', String
// $p2: 11
MATCH (n:Customer)
WHERE n.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED']
  AND n.id = $actor_id
  AND NOT (size($p0) > 0 AND n.email IN $p0)
  AND n.phone <> $p1
WITH n
ORDER BY n.id
LIMIT $p2
RETURN {
  id: n.id
} AS row
