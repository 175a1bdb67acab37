// root: all
// $p0: 3
MATCH (n:Customer)
WHERE n.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED']
  AND n.id = $actor_id
WITH n
ORDER BY n.id
LIMIT $p0
RETURN {
  id: n.id
} AS row

// root: also
// $p0: 3
MATCH (n:Customer)
WHERE n.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED']
  AND n.id = $actor_id
WITH n
ORDER BY n.id
LIMIT $p0
RETURN {
  id: n.id
} AS row

// root: none
// $p0: 3
MATCH (n:Customer)
WHERE n.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED']
  AND n.id = $actor_id
  AND false
WITH n
ORDER BY n.id
LIMIT $p0
RETURN {
  id: n.id
} AS row

// root: notNone
// $p0: 3
MATCH (n:Customer)
WHERE n.status IN ['ACTIVE', 'RESTRICTED', 'DECEASED']
  AND n.id = $actor_id
WITH n
ORDER BY n.id
LIMIT $p0
RETURN {
  id: n.id
} AS row
